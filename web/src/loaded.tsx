/** What is read from the chain before a screen can show anything. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failure } from "./parts";
import { _, troubleOf, type Trouble } from "./words";

interface Given<T> {
  title: string;
  read: () => Promise<T>;
  children: (found: T, again: () => void) => ComponentChildren;
  progress?: number; // the share that was read
}

export function Loaded<T>({ title, read, children, progress = 0 }: Given<T>) {
  const [found, show] = useState<{ it: T } | null>(null);
  const [trouble, fail] = useState<Trouble | null>(null);
  const [turn, again] = useState(0);
  useEffect(() => {
    let gone = false;
    read().then(
      (it) => gone || show({ it }),
      (error) => gone || fail(troubleOf(error)),
    );
    return () => {
      gone = true;
    };
  }, [turn]);
  const retry = () => (fail(null), again((turns) => turns + 1));
  if (trouble) {
    return (
      <section class="card">
        <h1>{title}</h1>
        <Failure trouble={trouble} />
        <button type="button" onClick={retry}>
          {_("Read it again")}
        </button>
      </section>
    );
  }
  if (!found) {
    return (
      <div role="status">
        <h1 class="waiting">{_("Reading the chain …")}</h1>
        {progress > 0 && <progress max={1} value={progress} aria-label={_("Reading the chain …")} />}
      </div>
    );
  }
  return <>{children(found.it, retry)}</>;
}
