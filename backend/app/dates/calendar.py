"""Days that are told by their distance or their place in the calendar."""

from calendar import monthrange
from datetime import date, timedelta

MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


def next_weekday(today: date, weekday: int) -> date:
    """The next such day that is not past: today counts."""
    return today + timedelta((weekday - today.weekday()) % 7)


def weekday_of_next_week(today: date, weekday: int) -> date:
    """Weeks begin on Monday."""
    return today + timedelta(7 - today.weekday() + weekday)


def end_of_week(today: date) -> date:
    """Friday; at the weekend Sunday."""
    return next_weekday(today, FRIDAY if today.weekday() <= FRIDAY else SUNDAY)


def weekend(today: date) -> date:
    """Saturday; on Sunday today."""
    return today if today.weekday() == SUNDAY else next_weekday(today, SATURDAY)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_day_of_month(today: date, number: int) -> date | None:
    """The next 3rd (or 31st) that is not past; None if no month has it."""
    if not 1 <= number <= 31:
        return None
    month = today.replace(day=1)
    while True:
        if number <= end_of_month(month).day and month.replace(day=number) >= today:
            return month.replace(day=number)
        month = months_later(month, 1)


def next_date(today: date, month: int, number: int) -> date | None:
    """The next 25 December that is not past; None if no year has it."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def exactly(year: int, month: int, number: int) -> date | None:
    """The date, or None if there is none such."""
    try:
        return date(year, month, number)
    except ValueError:
        return None
