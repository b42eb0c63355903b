/** What was signed, on its way: by the community's server where there is one, by a chat otherwise, until it is counted. */
import { useEffect, useState } from "preact/hooks";
import { Copied, Failure } from "./parts";
import { fateOf, give, type Told } from "./send";
import { settings } from "./settings";
import { _, troubleOf, type Trouble } from "./words";

const POLL = 3_000; // milliseconds

interface Given {
  line: string;
  counted: () => Promise<boolean>; // whether the chain has it
  done: () => void;
  gathered?: boolean | undefined; // no act by itself: goes with the words of others
}

export function OnItsWay({ line, counted, done, gathered = false }: Given) {
  const server = gathered ? undefined : settings.server;
  const [there, tell] = useState(false);
  const [told, hear] = useState<Told | null>(null);
  const [trouble, fail] = useState<Trouble | null>(null);
  useEffect(() => {
    if (server !== undefined) give(server, line).then(hear, (error) => fail(troubleOf(error)));
  }, []);
  useEffect(() => {
    const look = async () => {
      if (await counted().catch(() => false)) {
        clearInterval(timer);
        tell(true);
        done();
      } else if (server !== undefined && told && told.fate !== "refused") hear(await fateOf(server, told.id).catch(() => told));
    };
    const timer = setInterval(look, POLL);
    return () => clearInterval(timer);
  }, [told]);
  const refusal = trouble ?? told?.refusal;
  const byHand = server === undefined || refusal;
  return (
    <>
      <div role="status">
        <h3>{there ? _("It is done") : byHand ? _("Signed") : told ? _("Signed and handed over") : _("Handing it over …")}</h3>
        {!there && !byHand && <p>{_("The community's server sends it and pays for it. This page says so here once it is counted.")}</p>}
      </div>
      {!there && refusal && <Failure trouble={refusal} />}
      {!there && byHand && <Paste line={line} gathered={gathered} />}
      {!there && !byHand && told && (
        <details>
          <summary>{_("It takes too long?")}</summary>
          <Paste line={line} gathered={gathered} />
        </details>
      )}
    </>
  );
}

const Paste = ({ line, gathered }: { line: string; gathered: boolean }) => (
  <>
    <p>
      {gathered
        ? _("Paste this line into the community's chat. Whoever relays gathers it with the others' words.")
        : _("Paste this line into the community's chat. Whoever relays takes it from there; it costs you nothing.")}
    </p>
    <Copied text={line} label={_("Copy the line")} main />
    <p class="note">{_("This page says so here once it is counted.")}</p>
  </>
);
