/** Signing in where only members may be: the exact message (ERC-4361) is shown, signed, and given to this page's server. */
import { useState } from "preact/hooks";
import type { Address } from "viem";
import { readDao, type Dao } from "./dao";
import { Loaded } from "./loaded";
import { Failure } from "./parts";
import type { Rpc } from "./rpc";
import { troubleIn } from "./send";
import type { Settings } from "./settings";
import { useSigner, Who, type Signer } from "./signer";
import { _, language, moment, Trouble, troubleOf } from "./words";

const PATIENCE = 20_000; // milliseconds

interface Asked {
  nonce: string;
  issuedAt: string;
  expirationTime: string;
}

export function Gate({ rpc, settings }: { rpc: Rpc; settings: Settings }) {
  if (settings.server !== "") {
    return (
      <section class="card">
        <h1>{_("Sign in as a member")}</h1>
        <p>{_("Nobody can sign in on this page: it has no server of its own.")}</p>
      </section>
    );
  }
  return (
    <Loaded title={_("Nobody can sign in at the moment")} read={() => readDao(rpc, settings)}>
      {(dao) => <Entrance rpc={rpc} dao={dao} />}
    </Loaded>
  );
}

function Entrance({ rpc, dao }: { rpc: Rpc; dao: Dao }) {
  const [signer, choose] = useSigner(rpc, dao);
  const [asked, tell] = useState<Asked | null>(null);
  const [member, enter] = useState(0);
  const [busy, work] = useState(false);
  const [trouble, fail] = useState<Trouble | null>(null);
  const attempt = async (doing: () => Promise<void>) => {
    fail(null);
    work(true);
    await doing().catch((error) => (tell(null), fail(troubleOf(error))));
    work(false);
  };
  const sign = async (who: Signer, message: string) => {
    const signature = await who.wallet.say(message);
    enter(Number((await answered("/api/gate/session", { message, signature })).member));
  };
  const text = signer && asked ? messageOf(signer.wallet.address, dao.chainId, asked) : "";
  return (
    <section class="card">
      <h1>{_("Sign in as a member")}</h1>
      {!signer ? (
        <Who name={dao.name} choose={choose} make={false} />
      ) : member ? (
        <p role="status">{_("You are signed in as member #{member}, for a day. Go back to where you came from, and load it again.", { member })}</p>
      ) : !text ? (
        <>
          <p>{_("Some places are for members alone. Show with your wallet that you are one: it costs nothing and moves nothing.")}</p>
          <button type="button" class="main" disabled={busy} onClick={() => attempt(async () => tell(readAsked(await answered("/api/gate/nonce"))))}>
            {_("Sign in")}
          </button>
        </>
      ) : (
        <>
          <p>
            {_("You tell {host} that the wallet {wallet} is yours. The signature is good until {end}, on this page alone. You sign exactly this:", {
              host: location.host,
              wallet: signer.wallet.address,
              end: moment(Date.parse(asked!.expirationTime) / 1000),
            })}
          </p>
          <output class="line exact">{text}</output>
          <button type="button" class="main" disabled={busy} onClick={() => attempt(() => sign(signer, text))}>
            {busy ? _("Signing …") : _("Sign")}
          </button>
        </>
      )}
      {trouble && <Failure trouble={trouble} />}
    </section>
  );
}

/** The message; who asks for it is this page itself, whatever its server says. */
const messageOf = (wallet: Address, chainId: number, { nonce, issuedAt, expirationTime }: Asked): string =>
  [
    `${location.host} wants you to sign in with your Ethereum account:`,
    wallet,
    "",
    "I show that I am a member. This moves nothing and costs nothing.",
    "",
    `URI: ${location.origin}`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt}`,
    `Expiration Time: ${expirationTime}`,
  ].join("\n");

/** What a server may put into the message: a number that is used once, and two times. */
function readAsked(told: Record<string, unknown>): Asked {
  const { nonce, issuedAt, expirationTime } = told;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  const fits = /^[A-Za-z0-9]{8,128}$/.test(String(nonce)) && [issuedAt, expirationTime].every((each) => time.test(String(each)));
  if (fits) return { nonce, issuedAt, expirationTime } as Asked;
  throw new Trouble(_("The server asks for something odd"), _("what it would have you sign is no message to sign in with"), _("Tell whoever runs it; nothing was signed"));
}

async function answered(path: string, body?: unknown): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json", "accept-language": language() };
  const post = body ? { method: "POST", body: JSON.stringify(body) } : {};
  let told: Record<string, unknown>;
  let fine: boolean;
  try {
    const answer = await fetch(path, { ...post, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    [fine, told] = [answer.ok, (await answer.json()) as Record<string, unknown>];
  } catch (error) {
    throw new Trouble(_("The server does not answer"), String(error), _("Try again in a minute"));
  }
  if (!fine) throw troubleIn(told);
  return told;
}
