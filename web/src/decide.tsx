/** Decide: what a proposal says and does, who is still needed, and a ballot as a line to paste. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { formatEther, type Address } from "viem";
import { GOVERNOR, MEMBERSHIP } from "./abi";
import { asReason, described, SUPPORTS } from "./ballot";
import { toLine } from "./line";
import type { Settings } from "./main";
import { Markdown } from "./markdown";
import type { Message } from "./messages";
import { Copied, Failure } from "./parts";
import { create, possible, remembered, use } from "./passkey";
import { readProposal, textOf, titleOf, visible, type Link, type Proposal } from "./proposal";
import { unless, type Rpc } from "./rpc";
import { announced, browserWallet, passkeyWallet, type BrowserWallet, type Wallet } from "./wallets";
import { _, moment, N_, ngettext, Trouble, troubleOf, voice } from "./words";

const POLL = 3_000; // milliseconds
const [PENDING, ACTIVE] = [0, 1];
const STATES = [
  N_("voting has not begun yet"),
  N_("voting is open"),
  N_("it was cancelled"),
  N_("it did not pass"),
  N_("it passed, and asked for nothing to be executed"),
  N_("it passed and waits to be executed"),
  N_("the time to execute it is over"),
  N_("it was executed"),
];

export function Decide({ rpc, link, settings }: { rpc: Rpc; link: Link; settings: Settings }) {
  const [proposal, show] = useState<Proposal | null>(null);
  const [trouble, fail] = useState<Trouble | null>(null);
  const [turn, again] = useState(0);
  useEffect(() => {
    let gone = false;
    readProposal(rpc, link, settings.treasury).then(
      (found) => gone || show(found),
      (error) => gone || fail(troubleOf(error)),
    );
    return () => {
      gone = true;
    };
  }, [turn]);
  if (trouble) {
    return (
      <section class="card">
        <h1>{_("The proposal cannot be shown")}</h1>
        <Failure trouble={trouble} />
        <button type="button" onClick={() => (fail(null), again(turn + 1))}>
          {_("Read it again")}
        </button>
      </section>
    );
  }
  if (!proposal) return (
    <div role="status">
      <h1 class="waiting">{_("Reading the chain …")}</h1>
    </div>
  );
  return (
    <>
      <Text proposal={proposal} />
      <Tally proposal={proposal} />
      {proposal.draft && (proposal.state === PENDING || proposal.state === ACTIVE) && (
        <Ballot rpc={rpc} proposal={proposal} settings={settings} counted={() => again(turn + 1)} />
      )}
    </>
  );
}

function Text({ proposal }: { proposal: Proposal }) {
  const { draft, does, ether } = proposal;
  const paid = (draft?.values ?? []).reduce((sum, each) => sum + each, 0n);
  return (
    <>
      <section class="card">
        <p class="badge">{_(STATES[proposal.state]!)}</p>
        <h1 dir="auto">{draft ? visible(titleOf(draft)) : _("An unproven proposal")}</h1>
        <p class="of">{visible(proposal.dao)}</p>
        {draft ? (
          <Markdown text={textOf(draft)} />
        ) : (
          <Failure
            trouble={
              new Trouble(
                _("Its text and its calls cannot be proven"),
                _("the node told nothing of which this proposal's id is made"),
                _("Do not vote on what you cannot read: ask for another page or node"),
              )
            }
          />
        )}
      </section>
      {draft && (
        <section class="card">
          <h2>{_("What it does")}</h2>
          {does.length ? (
            <ol class="does">
              {does.map((each) => (
                <li>{each}</li>
              ))}
            </ol>
          ) : (
            <p>{_("Nothing is executed: it asks the members.")}</p>
          )}
          {paid > 0n && (
            <p>
              {_("The treasury has {before} ETH now, and {after} ETH afterwards.", {
                before: formatEther(ether),
                after: formatEther(ether - paid),
              })}
            </p>
          )}
          {does.length > 0 && <p class="note">{_("Read from the bytes that will be executed, not from the text.")}</p>}
        </section>
      )}
    </>
  );
}

function Tally({ proposal }: { proposal: Proposal }) {
  const { votes, quorum, turnout, state } = proposal;
  const most = votes.reduce((sum, each) => (each > sum ? each : sum), 1n);
  const missing = quorum === null ? 0 : Number(quorum - turnout);
  return (
    <section class="card">
      <h2>{_("How it stands")}</h2>
      <p>
        {state === PENDING
          ? _("Voting opens {moment}.", { moment: moment(proposal.snapshot) })
          : _("Voting closes {moment}.", { moment: moment(proposal.deadline) })}
      </p>
      <dl class="tally">
        {[1, 0, 2].map((support) => (
          <div>
            <dt>{_(SUPPORTS[support]!)}</dt>
            <dd>
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" class={`bar s${support}`}>
                <rect width={Number(((votes[support] ?? 0n) * 100n) / most)} height="8" rx="1" />
              </svg>
              {voice(votes[support] ?? 0n)}
            </dd>
          </div>
        ))}
      </dl>
      <p class="needed">
        {ngettext("{count} person has voted.", "{count} people have voted.", Number(turnout), { count: turnout })}
        <br />
        {missing > 0
          ? ngettext("{count} more person is needed.", "{count} more people are needed.", missing, { count: missing })
          : quorum !== null && _("Enough people have taken part.")}
      </p>
    </section>
  );
}

interface Voter {
  wallet: Wallet;
  member: bigint;
  voted: boolean;
  mute: boolean; // no voice on this proposal
}

async function readVoter(rpc: Rpc, proposal: Proposal, wallet: Wallet): Promise<Voter> {
  const ask = <T,>(name: string, ...args: unknown[]) => rpc.view<T>(proposal.membership, MEMBERSHIP, name, args);
  const [member, voted, past] = await Promise.all([
    ask<bigint>("memberIdOf", wallet.address),
    rpc.view<boolean>(proposal.governor, GOVERNOR, "hasVoted", [proposal.id, wallet.address]),
    proposal.state === PENDING
      ? ask<bigint>("getVotes", wallet.address)
      : unless(ask<bigint>("getPastVotes", wallet.address, proposal.snapshot), 0n),
  ]);
  return { wallet, member, voted, mute: past === 0n };
}

function Ballot({ rpc, proposal, settings, counted }: { rpc: Rpc; proposal: Proposal; settings: Settings; counted: () => void }) {
  const known = useMemo(remembered, []);
  const [voter, meet] = useState<Voter | null>(null);
  const [wallets, offer] = useState<BrowserWallet[]>([]);
  const [support, choose] = useState<number | null>(null);
  const [reason, because] = useState("");
  const [line, done] = useState("");
  const [busy, work] = useState(false);
  const [trouble, fail] = useState<Trouble | null>(null);
  const title = proposal.draft && visible(titleOf(proposal.draft));

  useEffect(() => announced((found) => offer((others) => [...others.filter((each) => each.id !== found.id), found])), []);
  const attempt = async (act: () => Promise<void>) => {
    fail(null);
    work(true);
    try {
      await act();
    } catch (error) {
      fail(troubleOf(error));
    } finally {
      work(false);
    }
  };
  const open = (wallet: () => Wallet | Promise<Wallet>) => attempt(async () => meet(await readVoter(rpc, proposal, await wallet())));
  useEffect(() => void (known && possible() && open(() => passkeyWallet(known))), []);

  const [message, compose] = useState<Message | null>(null);
  useEffect(() => {
    compose(null); // what was made of another choice must not be signed meanwhile
    if (support === null || !voter) return;
    let gone = false;
    made(rpc, proposal, voter, support, reason).then(
      (found) => gone || (compose(found), fail(null)),
      (error) => gone || (compose(null), fail(troubleOf(error))),
    );
    return () => {
      gone = true;
    };
  }, [support, voter, reason]);

  if (voter?.voted) return <Note title={_("Your ballot is counted")} text={_("A ballot is final.")} />;
  if (voter && !voter.member) {
    return <Note title={_("This wallet is no member")} text={_("Only members vote. Its address: {address}", { address: voter.wallet.address })} />;
  }
  if (voter?.mute) {
    return (
      <Note
        title={_("You have no voice on this proposal")}
        text={_("You came after its snapshot, rest, are a newcomer, or have lent your voice. Nothing needs to be signed.")}
      />
    );
  }
  if (line && voter) return <Signed rpc={rpc} proposal={proposal} voter={voter} line={line} counted={counted} />;
  return (
    <section class="card ballot">
      <h2>{_("Your ballot")}</h2>
      <div class="choices" role="group" aria-label={_("Your ballot")}>
        {[1, 0, 2].map((each) => (
          <button type="button" class={`s${each}`} aria-pressed={support === each} onClick={() => choose(each)}>
            {_(SUPPORTS[each]!)}
          </button>
        ))}
      </div>
      {support !== null && !voter && (
        <div class="wallets">
          <p>{_("Who signs?")}</p>
          {possible() && (
            <button type="button" class="main" disabled={busy} onClick={() => open(async () => passkeyWallet(await use(null)))}>
              {_("My passkey")}
            </button>
          )}
          {wallets.map((each) => (
            <button type="button" disabled={busy} onClick={() => open(() => browserWallet(each))}>
              {each.name}
            </button>
          ))}
          {possible() && (
            <button type="button" class="quiet" disabled={busy} onClick={() => open(async () => passkeyWallet(await create(settings.dao ?? proposal.dao)))}>
              {_("Make a passkey")}
            </button>
          )}
          {!possible() && <p class="note">{_("A page opened from a file has no passkeys: the browser refuses them there. A wallet of the browser signs here as well.")}</p>}
        </div>
      )}
      {message && voter && (
        <div class="signing">
          <h3>{_("What you sign, as member #{member}", { member: voter.member })}</h3>
          <ul>
            {described(message, title).map((each) => (
              <li dir="auto">{each}</li>
            ))}
          </ul>
          <button
            type="button"
            class="main"
            disabled={busy}
            onClick={() => attempt(async () => done(toLine(message, voter.member, await voter.wallet.sign(message))))}
          >
            {busy ? _("Signing …") : _("Sign")}
          </button>
          <details>
            <summary>{_("Say why")}</summary>
            <label>
              {_("My reason, for everybody and for ever")}
              <textarea rows={3} maxLength={2000} value={reason} onInput={(event) => because(event.currentTarget.value)} />
            </label>
            <p class="note">{_("A ballot with a reason is counted alone and costs whoever relays it five times as much.")}</p>
          </details>
        </div>
      )}
      {trouble && <Failure trouble={trouble} />}
    </section>
  );
}

/** What is to be signed; a ballot with a reason bears the number of its signer's next. */
async function made(rpc: Rpc, proposal: Proposal, voter: Voter, support: number, text: string): Promise<Message> {
  const { chainId, governor: contract, id: proposalId, deadline } = proposal;
  const reason = asReason(text);
  const ballot = { proposalId, support: BigInt(support) };
  if (!reason) return { kind: "MemberBallot", chainId, contract, values: { ...ballot, deadline } };
  const voterAddress: Address = voter.wallet.address;
  const nonce = await rpc.view<bigint>(contract, GOVERNOR, "nonces", [voterAddress]);
  return { kind: "ExtendedBallot", chainId, contract, values: { ...ballot, voter: voterAddress, nonce, reason, params: "0x" } };
}

const Note = ({ title, text }: { title: string; text: string }) => (
  <section class="card">
    <div role="status">
      <h2>{title}</h2>
      <p class="long">{text}</p>
    </div>
  </section>
);

/** The line, until the chain has counted it. */
function Signed({ rpc, proposal, voter, line, counted }: { rpc: Rpc; proposal: Proposal; voter: Voter; line: string; counted: () => void }) {
  const [there, tell] = useState(false);
  useEffect(() => {
    const timer = setInterval(async () => {
      const asked = rpc.view<boolean>(proposal.governor, GOVERNOR, "hasVoted", [proposal.id, voter.wallet.address]);
      if (await asked.catch(() => false)) {
        clearInterval(timer);
        tell(true);
        counted();
      }
    }, POLL);
    return () => clearInterval(timer);
  }, []);
  if (there) return <Note title={_("Your ballot is counted")} text={_("A ballot is final.")} />;
  return (
    <section class="card">
      <div role="status">
        <h2>{_("Signed")}</h2>
      </div>
      <p>{_("Paste this line into the community's chat. Whoever relays takes it from there; it costs you nothing.")}</p>
      <Copied text={line} label={_("Copy the line")} main />
      <p class="note">{_("This page says so here once it is counted.")}</p>
    </section>
  );
}
