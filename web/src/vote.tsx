/** A ballot on a proposal: chosen, told in words, signed, and on its way. */
import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";
import { GOVERNOR, MEMBERSHIP } from "./abi";
import { asReason, described, SUPPORTS } from "./ballot";
import { toLine } from "./line";
import type { Message } from "./messages";
import { Failure, Note } from "./parts";
import { PENDING, titleOf, visible, type Proposal } from "./proposal";
import { unless, type Rpc } from "./rpc";
import { OnItsWay } from "./sent";
import { knownWallet, Who } from "./signer";
import type { Wallet } from "./wallets";
import { _, troubleOf, type Trouble } from "./words";

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

interface Given {
  rpc: Rpc;
  proposal: Proposal;
  counted: () => void;
}

export function Ballot({ rpc, proposal, counted }: Given) {
  const [voter, meet] = useState<Voter | null>(null);
  const [support, choose] = useState<number | null>(null);
  const [reason, because] = useState("");
  const [line, done] = useState("");
  const [busy, work] = useState(false);
  const [trouble, fail] = useState<Trouble | null>(null);
  const title = proposal.draft && visible(titleOf(proposal.draft));
  const open = async (wallet: Wallet) => meet(await readVoter(rpc, proposal, wallet));
  useEffect(() => {
    const known = knownWallet();
    if (known) open(known).catch((error) => fail(troubleOf(error)));
  }, []);
  const sign = async (message: Message, { wallet, member }: Voter) => {
    fail(null);
    work(true);
    await wallet.sign(message).then((signature) => done(toLine(message, member, signature)), (error) => fail(troubleOf(error)));
    work(false);
  };

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
  if (line && voter) {
    const there = () => rpc.view<boolean>(proposal.governor, GOVERNOR, "hasVoted", [proposal.id, voter.wallet.address]);
    return (
      <section class="card">
        <OnItsWay line={line} counted={there} done={() => (meet({ ...voter, voted: true }), counted())} />
      </section>
    );
  }
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
      {support !== null && !voter && <Who name={proposal.dao} choose={open} />}
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
            onClick={() => sign(message, voter)}
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
