/** Markdown as elements: no HTML of a text ever becomes HTML of the page, nothing is loaded, and links show where they lead. */
import type { ComponentChildren, VNode } from "preact";
import { visible } from "./proposal";
import { _ } from "./words";

const LONGEST = 40_000; // characters that are shown
const LONGEST_LINE = 2_000; // characters; a longer one has no marks, so that none takes long to find

const INLINE =
  /(`+)(.+?)\1|!\[([^\]]*)\]\([^)\s]*\)|\[([^\]]+)\]\(([^)\s]+)\)|(\*\*|__)(?=\S)(.+?)\6|(\*|_)(?=\S)(.+?)\8|(https:\/\/[^\s<>()"'`]+)/g;

function inline(text: string, depth = 0): ComponentChildren[] {
  if (depth > 4 || text.length > LONGEST_LINE) return [text];
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > end) parts.push(text.slice(end, found.index));
    const [whole, , code, picture, label, target, , strong, , soft, url] = found;
    if (code !== undefined) parts.push(<code>{code}</code>);
    else if (picture !== undefined) parts.push(<span class="gone">{_("(picture: {name})", { name: picture })}</span>);
    else if (label !== undefined && target !== undefined) parts.push(...link(label, target));
    else if (strong !== undefined) parts.push(<strong>{inline(strong, depth + 1)}</strong>);
    else if (soft !== undefined) parts.push(<em>{inline(soft, depth + 1)}</em>);
    else if (url !== undefined) parts.push(...link(url, url));
    end = found.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** A link with its address beside it, where the words do not say it already. */
function link(label: string, target: string): ComponentChildren[] {
  if (!/^https:\/\/[^\s]+$/i.test(target)) return [`${label} (${target})`];
  const anchor = (
    <a href={target} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
  return label === target ? [anchor] : [anchor, <span class="where"> ({target})</span>];
}

function blocks(lines: string[], depth = 0): VNode[] {
  const made: VNode[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const run = (belongs: RegExp): string[] => {
      const from = at;
      while (at < lines.length && belongs.test(lines[at] ?? "")) at++;
      return lines.slice(from, at);
    };
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (!line.trim()) at++;
    else if (heading) {
      at++;
      made.push(<h3 dir="auto">{inline(heading[2] ?? "")}</h3>);
    } else if (/^```/.test(line)) {
      const close = lines.findIndex((each, index) => index > at && /^```\s*$/.test(each));
      const last = close < 0 ? lines.length : close;
      made.push(<pre tabIndex={0}>{lines.slice(at + 1, last).join("\n")}</pre>);
      at = last + 1;
    } else if (/^>/.test(line) && depth < 4) {
      made.push(<blockquote>{blocks(run(/^>/).map((each) => each.replace(/^> ?/, "")), depth + 1)}</blockquote>);
    } else if (/^\s*[-*+]\s+/.test(line)) {
      made.push(<ul>{run(/^\s*[-*+]\s+/).map((each) => <li dir="auto">{inline(each.replace(/^\s*[-*+]\s+/, ""))}</li>)}</ul>);
    } else if (/^\s*\d+[.)]\s+/.test(line)) {
      made.push(<ol start={Number.parseInt(line, 10)}>{run(/^\s*\d+[.)]\s+/).map((each) => <li dir="auto">{inline(each.replace(/^\s*\d+[.)]\s+/, ""))}</li>)}</ol>);
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      at++;
      made.push(<hr />);
    } else {
      const text = [line];
      for (at++; at < lines.length && /^(?!#{1,6}\s|```|>|\s*[-*+]\s|\s*\d+[.)]\s)\s*\S/.test(lines[at] ?? ""); at++) text.push(lines[at] ?? "");
      made.push(<p dir="auto">{text.flatMap((each, index) => (index ? [<br />, ...inline(each)] : inline(each)))}</p>);
    }
  }
  return made;
}

/** A text in Markdown; of a very long one the beginning, and how much is not shown. */
export function Markdown({ text }: { text: string }) {
  const shown = visible(text.slice(0, LONGEST));
  const left = text.length - shown.length;
  return (
    <div class="text">
      {blocks(shown.split("\n"))}
      {left > 0 && <p class="note">{_("{count} more characters are not shown here; the id covers them all.", { count: left })}</p>}
    </div>
  );
}
