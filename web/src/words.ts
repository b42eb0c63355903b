/** Texts in the reader's language, from the catalogs of the commands: English is the key of each. */
import catalogs from "words";

export type Values = Record<string, string | number | bigint>;
export type Language = "ja" | "en";

const JAPANESE: Record<string, string> = catalogs.ja;

const KEPT = "mikoshi.language";
const wanted = localStorage.getItem(KEPT) ?? navigator.language;
let spoken: Language = wanted.toLowerCase().startsWith("en") ? "en" : "ja";

export const language = (): Language => spoken;

export function speak(chosen: Language): void {
  spoken = chosen;
  document.documentElement.lang = chosen;
  localStorage.setItem(KEPT, chosen);
}

/** `text` with its placeholders filled in. */
export const _ = (text: string, values: Values = {}): string =>
  filled(spoken === "ja" ? (JAPANESE[text] ?? text) : text, values);

/** `one` for a number of 1, otherwise `many`; Japanese has one form. */
export const ngettext = (one: string, many: string, number: number, values: Values = {}): string =>
  filled(spoken === "ja" ? (JAPANESE[one] ?? many) : number === 1 ? one : many, values);

/** Marks a text that is put into words later. */
export const N_ = (text: string): string => text;

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}|\{\{|\}\}/g, (found, name: string | undefined) =>
    name === undefined ? found.slice(1) : String(values[name] ?? found),
  );
}

/** A moment in the reader's time zone; `seconds` of Unix time. */
export const moment = (seconds: bigint | number): string =>
  new Intl.DateTimeFormat(spoken, {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(Number(seconds) * 1000));

/** `1.71`: voice is counted in billionths. */
export const voice = (raw: bigint): string =>
  new Intl.NumberFormat(spoken, { maximumFractionDigits: 2 }).format(Number(raw) / 1e9);

/** What went wrong in three lines: what, why, what to do next. */
export class Trouble extends Error {
  constructor(
    readonly what: string,
    readonly why: string,
    readonly next: string,
  ) {
    super(what);
  }
}

/** Anything thrown, told in three lines. */
export const troubleOf = (error: unknown): Trouble =>
  error instanceof Trouble
    ? error
    : new Trouble(
        _("Something failed on this page"),
        error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        _("Load it again; nothing was sent"),
      );
