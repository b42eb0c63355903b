/** Decide: what a proposal says and does, and who is still needed. */
import { useEffect, useState } from "preact/hooks";
import { formatEther } from "viem";
import { SUPPORTS } from "./ballot";
import { Markdown } from "./markdown";
import { Failure } from "./parts";
import { ACTIVE, PENDING, readProposal, textOf, titleOf, visible, type Link, type Proposal } from "./proposal";
import type { Rpc } from "./rpc";
import type { Settings } from "./settings";
import { Ballot } from "./vote";
import { _, moment, N_, ngettext, Trouble, troubleOf, voice } from "./words";

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
        <Ballot rpc={rpc} proposal={proposal} counted={() => again(turn + 1)} />
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
