"""What people put on to-do lists begins with one of these, mostly."""

from app.assistant.offline.words import word_set

_VERBS = word_set(
    "apply arrange ask assemble attend back bake book borrow bring brush build buy call "
    "cancel change charge check choose clean clear collect compare complete confirm contact "
    "cook copy create cut decide declutter deliver design discuss do download draft draw "
    "drive drop dust email empty exchange exercise feed file fill find finish fix fold follow "
    "get give go grab hang hire hoover install invite iron join learn leave listen look mail "
    "make measure meet mend message mop mount move mow name note open order organise organize "
    "pack paint pay phone pick plan plant play polish post practise practice prepare print "
    "process publish put read record recycle register remove renew rent repair repay replace "
    "reply reschedule research return review ring run sand save scan schedule see sell send "
    "set sew shop shovel show sign sort start stop store study submit sweep swim switch take "
    "talk teach tell test text throw tidy translate transfer trim try turn unpack update "
    "upload vacuum visit wait walk wash watch water weed weigh withdraw wrap write"
)


def begins_with_verb(text: str) -> bool:
    """Of a half of a sentence: it is something to do by itself ("wash the windows")."""
    words = text.split()
    return len(words) > 1 and words[0].lower() in _VERBS
