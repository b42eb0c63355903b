/** What the page asks of a DAO's contracts, and what it can read of a proposal's calls. */
import { parseAbi } from "viem";

export const GOVERNOR = parseAbi([
  "function token() view returns (address)",
  "function treasury() view returns (address)",
  "function state(uint256 proposalId) view returns (uint8)",
  "function proposalSnapshot(uint256 proposalId) view returns (uint256)",
  "function proposalDeadline(uint256 proposalId) view returns (uint256)",
  "function proposalQuorum(uint256 proposalId) view returns (uint256)",
  "function proposalTurnout(uint256 proposalId) view returns (uint256)",
  "function proposalVotes(uint256 proposalId) view returns (uint256, uint256, uint256)",
  "function hasVoted(uint256 proposalId, address account) view returns (bool)",
  "function nonces(address owner) view returns (uint256)",
  "struct Settings { uint32 votingDelay; uint32 votingPeriod; uint32 lateExtension; uint32 executionDelay; uint32 expiry; uint16 quorumBps; uint16 floorBps; uint16 voiceCapBps; uint16 thresholdBps; uint8 liveProposals; }",
  "function proposalSettings(uint256 proposalId) view returns (Settings)",
  "function settings() view returns (Settings)",
  "event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)",
]);

export const TREASURY = parseAbi([
  "function governor() view returns (address)",
  "function isFormerGovernor(address governor) view returns (bool)",
  "function hasRole(bytes32 role, address account) view returns (bool)",
  "function steward() view returns (address)",
]);

export const MEMBERSHIP = parseAbi([
  "function name() view returns (string)",
  "function memberIdOf(address wallet) view returns (uint256)",
  "function statusOf(uint256 id) view returns (uint8)",
  "function getVotes(address account) view returns (uint256)",
  "function getPastVotes(address account, uint256 timepoint) view returns (uint256)",
  "function walletOf(uint256 id) view returns (address)",
  "function charterHash() view returns (bytes32)",
  "function nonces(address owner) view returns (uint256)",
  "function meritOf(uint256 id) view returns (uint256)",
  "function census() view returns (uint256 awake, uint256 counted, uint256 voice, uint256 lastId)",
  "struct VoiceParams { uint40 t0; uint32 halfLife; uint64 base; uint80 k; uint32 full; }",
  "function voiceParams() view returns (VoiceParams)",
  "function tokenURI(uint256 ticket) view returns (string)",
  "function extsload(bytes32[] slots) view returns (bytes32[])",
  "struct Settings { uint32 dormantAfter; uint32 season; uint16 stewardCap; uint64 meritCap; uint64 meritCapPerMember; }",
  "function settings() view returns (Settings)",
]);

export const INVITATIONS = parseAbi([
  "struct Sponsorship { address sponsor; bytes signature; }",
  "struct Invitation { address key; uint256 deadline; Sponsorship[] sponsors; }",
  "struct Newcomer { address wallet; bytes claim; bytes32 charterHash; uint256 deadline; bytes signature; }",
  "function accept(Invitation invitation, Newcomer newcomer) returns (uint256 id)",
  "function membership() view returns (address)",
  "function treasury() view returns (address)",
  "error InvitationsUsed(address key)",
  "error InvitationsRevoked(address key, address sponsor)",
  "error InvitationsExpired(uint256 deadline)",
  "error InvitationsTooLong(uint256 deadline, uint256 max)",
  "error InvitationsInvalidSignature(address account)",
  "error InvitationsCharterMismatch(bytes32 accepted, bytes32 current)",
  "error InvitationsInvalidSponsors(uint256 given, uint256 min, uint256 max)",
  "error InvitationsUnorderedSponsor(address sponsor, address before)",
  "error InvitationsSponsorNotActive(address sponsor)",
  "error InvitationsSponsorTooEarly(uint256 id, uint256 readyAt)",
  "error InvitationsSponsorSpent(uint256 id, uint256 limit)",
  "error InvitationsSpent(bool bySteward, uint256 limit)",
  "error InvitationsPassedOver(address wallet, uint256 id)",
  "error MembershipBarred(uint256 id)",
]);

export const SUCCESSION = parseAbi([
  "struct Plan { uint256[] members; address[] others; uint8 needed; uint40 delay; address heir; uint40 silence; }",
  "event PlanSet(uint256 indexed id, bytes32 planHash, Plan plan)",
  "function planHashOf(uint256 id) view returns (bytes32)",
  "function nonceOf(uint256 id) view returns (uint256)",
  "function requestOf(uint256 id) view returns (uint8 kind, address wallet, uint40 readyAt, uint40 expiresAt)",
  "function silentSince(uint256 id) view returns (uint256)",
  "function membership() view returns (address)",
  "function treasury() view returns (address)",
]);

export const COIN = parseAbi([
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function transfer(address to, uint256 amount)",
]);

/** What a vote may call, by the contract that takes it. */
export const CALLS = {
  treasury: parseAbi([
    "function grantRole(bytes32 role, address account)",
    "function revokeRole(bytes32 role, address account)",
    "function setGovernor(address newGovernor)",
    "function withdrawGovernor()",
    "function setGuardian(address newGuardian, uint40 until)",
  ]),
  membership: parseAbi([
    "function admit(address wallet, bytes32 accepted)",
    "function admitMany(address[] wallets, bytes32 accepted)",
    "function bar(uint256 id)",
    "function withdrawBar(uint256 id)",
    "function moveWallet(uint256 id, address wallet)",
    "function credit(uint256 id, uint256 points, uint256 kind, bytes32 ref)",
    "function creditMany(uint256[] ids, uint256[] points, uint256 kind, bytes32 ref)",
    "function setCharter(bytes32 newHash, string uri)",
    "struct Settings { uint32 dormantAfter; uint32 season; uint16 stewardCap; uint64 meritCap; uint64 meritCapPerMember; }",
    "function setSettings(Settings next)",
    "function withdrawSettings()",
  ]),
  governor: parseAbi([
    "struct Settings { uint32 votingDelay; uint32 votingPeriod; uint32 lateExtension; uint32 executionDelay; uint32 expiry; uint16 quorumBps; uint16 floorBps; uint16 voiceCapBps; uint16 thresholdBps; uint8 liveProposals; }",
    "function setSettings(Settings newSettings)",
    "function withdrawSettings()",
    "function retire()",
  ]),
};
