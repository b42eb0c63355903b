/** What several screens show. */
import { useState } from "preact/hooks";
import { _, type Trouble } from "./words";

/** What went wrong, why, and what to do next. */
export const Failure = ({ trouble }: { trouble: Trouble }) => (
  <div class="failure" role="alert">
    <p class="what">{trouble.what}</p>
    <p>{trouble.why}</p>
    <p>{trouble.next}</p>
  </div>
);

/** A text to be carried elsewhere, and a button that copies it. */
export function Copied({ text, label, main = false }: { text: string; label: string; main?: boolean }) {
  const [done, tell] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      tell(true);
    } catch {
      tell(false); // it can be selected by hand
    }
  };
  return (
    <div class="copied">
      <output class="line">{text}</output>
      <button type="button" class={main ? "main" : ""} onClick={copy}>
        {done ? _("Copied") : label}
      </button>
    </div>
  );
}

/** Something that is so, and needs no act. */
export const Note = ({ title, text }: { title: string; text: string }) => (
  <section class="card">
    <div role="status">
      <h2>{title}</h2>
      <p class="long">{text}</p>
    </div>
  </section>
);
