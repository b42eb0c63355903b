/** Everything that is signed here (EIP-712), as `mikoshi/ballots/messages.py` has it. */
import { hashTypedData, type Address, type Hex } from "viem";

export type Home = "governor" | "membership" | "invitations" | "succession";

const DOMAINS: Record<Home, string> = {
  governor: "Mikoshi Governor",
  membership: "Mikoshi Membership",
  invitations: "Mikoshi Invitations",
  succession: "Mikoshi Succession",
};

const BY_PROPOSER = "uint256 proposalId,address proposer,uint256 deadline";
const WITH_CHARTER = "address account,bytes32 charterHash,uint256 nonce,uint256 deadline";
const PLAIN = "address account,uint256 nonce,uint256 deadline";
const SEAT = "uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline";
const PLAN = "uint256 id,uint256[] members,address[] others,uint256 needed,uint256 delay,address heir,uint256 silence,uint256 nonce,uint256 deadline";

/** Each message: who takes it, and its fields as the contract's typehash has them. */
export const MESSAGES = {
  MemberBallot: ["governor", "uint256 proposalId,uint8 support,uint256 deadline"],
  AccountBallot: ["governor", "uint256 proposalId,address voter,uint8 support,uint256 deadline"],
  Ballot: ["governor", "uint256 proposalId,uint8 support,address voter,uint256 nonce"],
  ExtendedBallot: ["governor", "uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params"],
  Propose: ["governor", BY_PROPOSER],
  Cancel: ["governor", BY_PROPOSER],
  Delegate: ["membership", "address account,address delegatee,uint256 nonce,uint256 deadline"],
  Wake: ["membership", WITH_CHARTER],
  Rest: ["membership", PLAIN],
  Exit: ["membership", PLAIN],
  Rejoin: ["membership", WITH_CHARTER],
  Claim: ["invitations", "address wallet"],
  Join: ["invitations", "bytes32 charterHash,address key,address[] sponsors,uint256 deadline"],
  SetPlan: ["succession", PLAN],
  Recover: ["succession", SEAT],
  Take: ["succession", SEAT],
  Inherit: ["succession", SEAT],
  Veto: ["succession", "uint256 id,uint256 nonce,uint256 deadline"],
} as const satisfies Record<string, readonly [Home, string]>;

export type Kind = keyof typeof MESSAGES;
export type Value = bigint | string | readonly bigint[] | readonly string[];

export interface Message {
  kind: Kind;
  chainId: number;
  contract: Address;
  values: Record<string, Value>;
}

/** The fields of a message, in order. */
export const fieldsOf = (kind: Kind): { name: string; type: string }[] =>
  MESSAGES[kind][1].split(",").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { name, type };
  });

const DOMAIN = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

/** As `eth_signTypedData_v4` takes it. */
export const typedData = ({ kind, chainId, contract, values }: Message) => ({
  domain: { name: DOMAINS[MESSAGES[kind][0]], version: "1", chainId, verifyingContract: contract },
  types: { EIP712Domain: DOMAIN, [kind]: fieldsOf(kind) },
  primaryType: kind,
  message: values,
});

export const digest = (message: Message): Hex => hashTypedData(typedData(message) as Parameters<typeof hashTypedData>[0]);
