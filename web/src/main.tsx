import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Alarm } from "./alarm";
import { Decide } from "./decide";
import { Gate } from "./gate";
import { Guardians } from "./guardians";
import { parseInvitation } from "./invitation";
import { Join } from "./join";
import { Me } from "./me";
import { Mine } from "./mine";
import { People } from "./people";
import { Failure } from "./parts";
import { parseLink } from "./proposal";
import { Rpc } from "./rpc";
import { Scene } from "./scene";
import { SealedCopy } from "./sealing";
import { Lost, SeatAsked } from "./seat";
import { settings, type Settings } from "./settings";
import { parseSeat } from "./succession";
import { forget } from "./signer";
import "./style.css";
import { Today } from "./today";
import { _, language, N_, speak, Trouble, type Language } from "./words";

const SCREENS = [
  ["#today", N_("Today")],
  ["#people", N_("Members")],
  ["#me", N_("Me")],
] as const;

/** Under which of them the others are. */
const screenOf = (fragment: string): string =>
  fragment === "#people" ? "#people" : /^#(me|key|gate|guardians|lost|seat)/.test(fragment) ? "#me" : /^#(join|decide)/.test(fragment) ? "" : "#today";

function Page() {
  const [fragment, go] = useState(location.hash);
  const [spoken, choose] = useState<Language>(language());
  const [url, ask] = useState(settings.rpc ?? sessionStorage.getItem("mikoshi.rpc") ?? "");
  useEffect(() => {
    const moved = () => go(location.hash);
    window.addEventListener("hashchange", moved);
    moved(); // it may have changed before anybody listened
    return () => window.removeEventListener("hashchange", moved);
  }, []);
  speak(spoken);
  return (
    <>
      <header>
        <Scene />
        <p class="dao">{settings.dao ?? "Mikoshi"}</p>
        <button type="button" class="language" lang={spoken === "ja" ? "en" : "ja"} onClick={() => choose(spoken === "ja" ? "en" : "ja")}>
          {spoken === "ja" ? "English" : "日本語"}
        </button>
      </header>
      <main key={fragment}>
        {!url ? (
          <Node
            chosen={(given) => {
              sessionStorage.setItem("mikoshi.rpc", given);
              ask(given);
            }}
          />
        ) : (
          <>
            <Alarm rpc={new Rpc(url)} settings={settings} />
            <Screen rpc={new Rpc(url)} fragment={fragment} />
          </>
        )}
      </main>
      <footer>
        <p>
          {settings.server === undefined
            ? _("This page is one file. It asks the chain and nobody else.")
            : _("This page is one file. It asks the chain, and gives what you sign to its server.")}
        </p>
      </footer>
      <nav aria-label={_("Screens")}>
        {SCREENS.map(([at, name]) => (
          <a href={at} aria-current={at === screenOf(fragment) ? "page" : undefined}>
            {_(name)}
          </a>
        ))}
      </nav>
    </>
  );
}

function Screen({ rpc, fragment }: { rpc: Rpc; fragment: string }) {
  const given = { rpc, settings };
  const link = parseLink(fragment);
  const seat = parseSeat(fragment);
  const invitation = parseInvitation(fragment);
  if (link) return <Decide {...given} link={link} />;
  if (seat) return <SeatAsked {...given} link={seat} />;
  if (invitation) return <Join {...given} link={invitation} />;
  if (fragment === "#people") return <People {...given} />;
  if (fragment === "#guardians") return <Guardians {...given} />;
  if (fragment === "#gate") return <Gate {...given} />;
  if (fragment === "#key") return <SealedCopy />;
  if (fragment === "#lost") return <Lost {...given} />;
  if (/^#(join|decide|seat)/.test(fragment)) return <Broken />;
  if (fragment === "#me" || !settings.treasury) return <Own {...given} />;
  return <Today {...given} />;
}

/** The wallet, and the seat that it has. */
function Own({ rpc, settings }: { rpc: Rpc; settings: Settings }) {
  const [turn, again] = useState(0);
  return (
    <>
      <Me settings={settings} changed={() => (forget(), again(turn + 1))} />
      {settings.treasury && <Mine key={turn} rpc={rpc} settings={settings} />}
      {settings.server === "" && (
        <section class="card">
          <a href="#gate">{_("Sign in where only members may be")}</a>
        </section>
      )}
    </>
  );
}

/** A link of which a part is missing, or was changed. */
const Broken = () => (
  <section class="card">
    <h1>{_("The link cannot be opened")}</h1>
    <Failure trouble={new Trouble(_("The link is not whole"), _("a part of it is missing or was changed"), _("Copy it anew, from beginning to end"))} />
  </section>
);

/** Asks which node the file edition reads the chain through. */
function Node({ chosen }: { chosen: (url: string) => void }) {
  const [url, type] = useState("");
  const fits = /^(https:\/\/[^\s]+|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/[^\s]*)?)$/.test(url.trim());
  return (
    <section class="card">
      <h1>{_("Which node does this page ask?")}</h1>
      <p>{_("Opened from a file, this page knows no node of the chain. Use the address that your community gave you: a node that lies can show you what is not so.")}</p>
      <label>
        {_("Address of the node (RPC)")}
        <input type="url" value={url} placeholder="https://" onInput={(event) => type(event.currentTarget.value)} />
      </label>
      <button type="button" class="main" disabled={!fits} onClick={() => chosen(url.trim())}>
        {_("Use it")}
      </button>
    </section>
  );
}

/** What another site shows inside itself could have somebody sign unseen; a server can forbid it, a file cannot. */
const Framed = () => (
  <main>
    <section class="card">
      <h1>{_("This page is shown inside another one")}</h1>
      <p>{_("Nothing can be signed here: the other page could hide what it is.")}</p>
      <a href={location.href} target="_blank" rel="noopener noreferrer">
        {_("Open it alone")}
      </a>
    </section>
  </main>
);

const root = document.getElementById("page");
if (root) render(window.top === window.self ? <Page /> : <Framed />, root);
