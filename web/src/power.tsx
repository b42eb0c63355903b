/** My card, and why my voice is what it is: by the fields of `mikoshi power`. */
import { useEffect, useState } from "preact/hooks";
import { formatEther } from "viem";
import { MEMBERSHIP } from "./abi";
import type { Dao } from "./dao";
import { ABSENT, ACTIVE, BARRED, DORMANT, EXITED, NEWCOMER, type Power } from "./members";
import type { Rpc } from "./rpc";
import { _, moment, ngettext, voice } from "./words";
import { DAY } from "./succession";

const PICTURE = "data:image/svg+xml;base64,";

/** The picture of the chain's card, shown as a picture alone: nothing in it runs, and nothing is fetched. */
export function Card({ rpc, dao, ticket, id }: { rpc: Rpc; dao: Dao; ticket: bigint; id: bigint }) {
  const [picture, show] = useState("");
  useEffect(() => {
    rpc.view<string>(dao.membership, MEMBERSHIP, "tokenURI", [ticket]).then(
      (uri) => show(pictureOf(uri)),
      () => show(""),
    );
  }, [ticket]);
  return picture ? <img class="ticket" src={picture} width={350} height={500} alt={_("My ticket, member {who}", { who: `#${id}` })} /> : null;
}

export function pictureOf(uri: string): string {
  try {
    const [, content = ""] = /^data:application\/json;base64,([\w+/=]+)$/.exec(uri) ?? [];
    const raw = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
    const { image } = JSON.parse(new TextDecoder().decode(raw)) as { image?: unknown };
    return typeof image === "string" && image.startsWith(PICTURE) && /^[\w+/=]+$/.test(image.slice(PICTURE.length)) ? image : "";
  } catch {
    return "";
  }
}

/** A sentence each. */
export function why({ person, own, merit, cap, capBps, ledger }: Power): string[] {
  const points = shown(merit);
  const said: string[] = [];
  if (person.standing === ACTIVE) {
    const earned = own - ledger.base;
    said.push(
      _("My own voice is {own}: {base} that everyone has, and {earned} from {merit} points of merit.", {
        own: voice(own),
        base: voice(ledger.base),
        earned: voice(earned),
        merit: points,
      }),
    );
    if (person.delegate) said.push(_("I lend it to {to}, who votes with it.", { to: `#${person.delegate}` }));
  } else {
    said.push(silence(person.standing, person.stamp));
    if (merit) said.push(_("My {merit} points of merit stay.", { merit: points }));
  }
  const lent = person.speaksFor - (person.standing === ACTIVE && !person.delegate ? 1 : 0);
  if (lent > 0) said.push(ngettext("{count} other member lends me a voice.", "{count} other members lend me a voice.", lent, { count: lent }));
  if (person.voice > cap) {
    said.push(
      _("Of {voice} a ballot of mine weighs {cap}: nobody's weighs more than {share} % of all.", {
        voice: voice(person.voice),
        cap: voice(cap),
        share: capBps / 100,
      }),
    );
  } else if (person.voice) {
    said.push(_("A ballot of mine weighs {voice} of {all}.", { voice: voice(person.voice), all: voice(ledger.voice) }));
  }
  said.push(_("Merit comes from work that the DAO thanked for, and fades with time."));
  return said;
}

const shown = (merit: bigint): string => String(Math.floor(Number(formatEther(merit)) * 100) / 100);

function silence(standing: number, stamp: bigint): string {
  if (standing === NEWCOMER) return _("I am a newcomer: I may wake from {until} on, and speak then.", { until: moment(stamp * BigInt(DAY)) });
  if (standing === DORMANT) return _("I rest: waking is free and gives my voice back at once.");
  if (standing === ABSENT) return _("I was away for long: waking is free and gives my voice back at once.");
  if (standing === EXITED) return _("I have left: who comes back has a voice after a season.");
  return standing === BARRED ? _("A vote removed me: only a vote lets me back in.") : _("This wallet is no member");
}
