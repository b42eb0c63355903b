import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";
import { Alarm } from "./alarm";
import { Decide } from "./decide";
import { Guardians } from "./guardians";
import { Me } from "./me";
import { Mine } from "./mine";
import { People } from "./people";
import { parseLink } from "./proposal";
import { Rpc } from "./rpc";
import { Scene } from "./scene";
import { Lost, SeatAsked } from "./seat";
import { parseSeat } from "./succession";
import "./style.css";
import { _, language, speak, type Language } from "./words";

/** What `settings` in the page say of the DAO whose page it is; a page from a file knows nothing. */
export interface Settings {
  rpc?: string;
  treasury?: Address;
  dao?: string;
  succession?: Address;
}

const settings = JSON.parse(document.getElementById("settings")?.textContent ?? "{}") as Settings;

function Page() {
  const [fragment, go] = useState(location.hash);
  const [spoken, choose] = useState<Language>(language());
  const [url, ask] = useState(settings.rpc ?? sessionStorage.getItem("mikoshi.rpc") ?? "");
  useEffect(() => {
    const moved = () => go(location.hash);
    window.addEventListener("hashchange", moved);
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
        <nav aria-label={_("Screens")}>
          <a href="#me">{_("My wallet")}</a>
          {settings.treasury && <a href="#people">{_("Members")}</a>}
        </nav>
        <p>{_("This page is one file. It asks the chain and nobody else.")}</p>
      </footer>
    </>
  );
}

function Screen({ rpc, fragment }: { rpc: Rpc; fragment: string }) {
  const given = { rpc, settings };
  const link = parseLink(fragment);
  const seat = parseSeat(fragment);
  if (link) return <Decide {...given} link={link} />;
  if (seat) return <SeatAsked {...given} link={seat} />;
  if (fragment === "#people") return <People {...given} />;
  if (fragment === "#guardians") return <Guardians {...given} />;
  if (fragment === "#lost") return <Lost {...given} />;
  return (
    <>
      <Me settings={settings} broken={/^#(decide|seat)/.test(fragment)} />
      {settings.treasury && <Mine {...given} />}
    </>
  );
}

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
