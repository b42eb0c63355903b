/** A signed line given to the community's server, which sends it for nothing. It is not believed: the chain is asked. */
import { visible } from "./proposal";
import { _, language, Trouble } from "./words";

const PATIENCE = 20_000; // milliseconds

export type Fate = "waiting" | "sent" | "counted" | "refused";

/** What the server says of an act. */
export interface Told {
  id: string;
  fate: Fate;
  refusal: Trouble | null;
}

export const give = (server: string, line: string): Promise<Told> => ask(`${server}/api/acts`, { method: "POST", body: JSON.stringify({ line }) });

export const fateOf = (server: string, id: string): Promise<Told> => ask(`${server}/api/acts/${encodeURIComponent(id)}`, {});

async function ask(url: string, options: RequestInit): Promise<Told> {
  let answer: Record<string, unknown>;
  let fine: boolean;
  try {
    const headers = { "content-type": "application/json", "accept-language": language() };
    const response = await fetch(url, { ...options, headers, credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
    [fine, answer] = [response.ok, (await response.json()) as Record<string, unknown>];
  } catch (error) {
    throw new Trouble(
      _("The community's server does not take it"),
      _("it does not answer: {reason}", { reason: String(error) }),
      _("Paste the line into the chat instead; it is signed already"),
    );
  }
  if (!fine) throw troubleIn(answer);
  const { id, fate, refusal } = answer as { id?: unknown; fate?: Fate; refusal?: Record<string, unknown> };
  return { id: String(id), fate: fate ?? "waiting", refusal: refusal ? troubleIn(refusal) : null };
}

/** The three lines of a server's answer; text, whatever is in it. */
export function troubleIn(answer: Record<string, unknown>): Trouble {
  const lines = Array.isArray(answer.lines) ? answer.lines.map((each) => visible(String(each).slice(0, 500))) : [];
  return new Trouble(lines[0] ?? _("The community's server does not take it"), lines[1] ?? "", lines[2] ?? "");
}
