/** A change that the server did not take: what it was, why, and the way to try again. */
export interface FailedChange {
  what: string;
  why: string;
  again: () => void;
}

export function FailedChangeNotice({
  failed,
  onDismiss,
}: {
  failed: FailedChange | undefined;
  onDismiss: () => void;
}) {
  return (
    <div role="alert">
      {failed !== undefined && (
        <div className="notice-bad mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="min-w-48 flex-1 wrap-anywhere">
            <strong className="font-semibold">{failed.what}</strong> {failed.why}
          </p>
          <div className="flex gap-2">
            <button
              type="button"
              className="button-quiet"
              onClick={() => {
                onDismiss();
                failed.again();
              }}
            >
              Try again
            </button>
            <button type="button" className="button-quiet" onClick={onDismiss}>
              Dismiss
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
