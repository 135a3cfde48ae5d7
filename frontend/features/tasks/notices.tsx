/** What the list has to say about changes: at the page's foot, so that nothing else moves. */
import { useEffect, useRef, useState } from "react";
import { Icon } from "@/components/icon";
import { Isolated } from "@/components/isolated";
import { useOnline } from "@/features/api/use-online";

/** A change that the server did not take: what it was, and why. */
export interface FailedChange {
  what: string;
  why: string;
  /** Makes the same change once more; left out where that cannot succeed. */
  again?: (() => void) | undefined;
}

/** Something that was done, and what can be done about it. */
export interface Offer {
  /** Tells it from one before that says the same. */
  id: number;
  what: string;
  /** What the button says. */
  action: "Undo" | "Show";
  act: () => void;
}

interface NoticesProps {
  failed: FailedChange | undefined;
  offer: Offer | undefined;
  /** Why the list on the page is not the newest one, if so. */
  stale: string | undefined;
  onDismissFailed: () => void;
  onDismissOffer: () => void;
}

export function Notices({ failed, offer, stale, onDismissFailed, onDismissOffer }: NoticesProps) {
  const online = useOnline();
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-16 z-20 lg:in-data-assistant:right-104 mx-auto flex max-w-lg flex-col gap-2 px-4 pb-3 *:pointer-events-auto sm:bottom-0 sm:pb-5">
      <div role="status">
        {!online ? (
          <p className="notice-floating">
            <Icon name="warning" className="size-5 text-warm" />
            You are offline. Your list stays readable; changes need a connection.
          </p>
        ) : (
          stale !== undefined && (
            <p className="notice-floating">
              <Icon name="warning" className="size-5 text-warm" />
              This list may be out of date. {stale}
            </p>
          )
        )}
      </div>
      <div role="alert">
        {failed !== undefined && (
          <div className="notice-floating flex-wrap">
            <p className="min-w-48 flex-1 wrap-anywhere">
              <strong className="font-semibold text-bad">
                <Isolated text={failed.what} />
              </strong>{" "}
              <Isolated text={failed.why} />
            </p>
            {failed.again !== undefined && (
              <button
                type="button"
                className="button-quiet"
                onClick={() => {
                  onDismissFailed();
                  failed.again?.();
                }}
              >
                Try again
              </button>
            )}
            <DismissButton onClick={onDismissFailed} />
          </div>
        )}
      </div>
      {offer !== undefined && (
        <OfferNotice key={offer.id} offer={offer} onDismiss={onDismissOffer} />
      )}
    </div>
  );
}

/** Long enough to read and to reach with a keyboard; it waits while somebody is on it. */
const OFFER_SHOWN = 20_000;

function OfferNotice({ offer, onDismiss }: { offer: Offer; onDismiss: () => void }) {
  const [held, setHeld] = useState(false);
  const dismiss = useRef(onDismiss);
  useEffect(() => {
    dismiss.current = onDismiss;
  });
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => {
      dismiss.current();
    }, OFFER_SHOWN);
    return () => {
      clearTimeout(timer);
    };
  }, [held]);
  const hold = () => {
    setHeld(true);
  };
  const release = () => {
    setHeld(false);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only holds the time
    <div
      role="group"
      aria-label={offer.what}
      className="notice-floating"
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <p className="min-w-0 flex-1 truncate">
        <Isolated text={offer.what} />
      </p>
      <button type="button" className="button-quiet" onClick={offer.act}>
        {offer.action}
      </button>
      <DismissButton onClick={onDismiss} />
    </div>
  );
}

function DismissButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" className="button-icon -mr-2" aria-label="Dismiss" onClick={onClick}>
      <Icon name="close" />
    </button>
  );
}
