/** The chain, asked through one node: views and logs, and nothing that sends. */
import { decodeFunctionResult, encodeFunctionData, type Abi, type Address, type Hex } from "viem";
import { _, Trouble } from "./words";

const PATIENCE = 20_000; // milliseconds
const SPAN = 50_000n; // blocks, a quarter of that where a node refuses

export interface Block {
  number: bigint;
  timestamp: bigint;
}

export interface Log {
  data: Hex;
  topics: [Hex, ...Hex[]];
}

export class Rpc {
  constructor(readonly url: string) {}

  async ask(method: string, ...params: unknown[]): Promise<unknown> {
    let answer: { result?: unknown; error?: { message?: string; data?: unknown } };
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
        signal: AbortSignal.timeout(PATIENCE),
        credentials: "omit",
      });
      answer = await response.json();
    } catch (error) {
      throw new Trouble(
        _("The chain cannot be reached"),
        _("its node does not answer: {reason}", { reason: String(error) }),
        _("Try again in a minute; nothing was sent"),
      );
    }
    if (answer.error || answer.result === undefined) {
      throw new RefusedError(answer.error?.message ?? "no result", revertIn(answer.error?.data));
    }
    return answer.result;
  }

  /** A view of a contract as it is now. */
  async view<T>(address: Address, abi: Abi, functionName: string, args: readonly unknown[] = []): Promise<T> {
    const data = encodeFunctionData({ abi, functionName, args });
    const answer = (await this.ask("eth_call", { to: address, data }, "latest")) as Hex;
    if (answer === "0x") throw new RefusedError(functionName);
    try {
      return decodeFunctionResult({ abi, functionName, args, data: answer }) as T;
    } catch {
      throw new RefusedError(functionName);
    }
  }

  async chainId(): Promise<number> {
    return Number(await this.ask("eth_chainId"));
  }

  /** In wei. */
  async balance(address: Address): Promise<bigint> {
    return BigInt((await this.ask("eth_getBalance", address, "latest")) as Hex);
  }

  async block(which: bigint | "latest"): Promise<Block> {
    const tag = which === "latest" ? which : `0x${which.toString(16)}`;
    const found = (await this.ask("eth_getBlockByNumber", tag, false)) as { number: Hex; timestamp: Hex } | null;
    if (!found) throw new RefusedError(`block ${tag}`);
    return { number: BigInt(found.number), timestamp: BigInt(found.timestamp) };
  }

  async logs(address: Address, topics: Hex[], first: bigint, last: bigint): Promise<Log[]> {
    const [fromBlock, toBlock] = [first, last].map((each) => `0x${each.toString(16)}`);
    return (await this.ask("eth_getLogs", { address, topics, fromBlock, toBlock })) as Log[];
  }
}

/** What a node or a contract refuses. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly data: Hex | null = null, // what the contract reverted with, where the node tells it
  ) {
    super(message);
  }
}

/** Nodes put it in different places. */
function revertIn(data: unknown, depth = 0): Hex | null {
  if (typeof data === "string") return (/0x[0-9a-f]{8,}$/i.exec(data)?.[0] as Hex | undefined) ?? null;
  if (typeof data !== "object" || data === null || depth > 2) return null;
  return Object.values(data).reduce<Hex | null>((found, each) => found ?? revertIn(each, depth + 1), null);
}

/** The logs of a contract from the latest block back to `first`, the newest range first; `tell` hears which share was asked. */
export async function* logsBack(rpc: Rpc, address: Address, topics: Hex[], first: bigint, tell: (share: number) => void): AsyncGenerator<Log[]> {
  const latest = (await rpc.block("latest")).number;
  let span = SPAN;
  for (let last = latest; last >= first; ) {
    const from = last - span + 1n > first ? last - span + 1n : first;
    try {
      yield await rpc.logs(address, topics, from, last);
    } catch (error) {
      if (!(error instanceof RefusedError) || span < 100n) throw error;
      span /= 4n;
      continue;
    }
    tell(Number(latest - from + 1n) / Number(latest - first + 1n));
    last = from - 1n;
  }
}

/** What a view answers, or `otherwise` where the contract refuses or has no such function. */
export async function unless<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RefusedError) return otherwise;
    throw error;
  }
}

/** The blocks of the seconds `from` to `to`: few questions, by where time should stand. */
export async function blocksOf(rpc: Rpc, from: bigint, to: bigint): Promise<[bigint, bigint]> {
  const latest = await rpc.block("latest");
  const first = await firstBlock(rpc, from, latest);
  const beyond = await firstBlock(rpc, to + 1n, latest, first);
  return [first, beyond > first ? beyond - 1n : first];
}

/** The first block at `time` or later; one more than the latest if there is none. */
async function firstBlock(rpc: Rpc, time: bigint, latest: Block, least = 0n): Promise<bigint> {
  if (latest.timestamp < time) return latest.number + 1n;
  let low = await rpc.block(least);
  let high = latest;
  if (low.timestamp >= time) return low.number;
  for (let turn = 0; high.number - low.number > 1n; turn++) {
    const between = high.number - low.number;
    const share = ((time - low.timestamp) * between) / (high.timestamp - low.timestamp);
    const guess = turn % 2 ? between / 2n : share;
    const step = guess < 1n ? 1n : guess >= between ? between - 1n : guess;
    const middle = await rpc.block(low.number + step);
    if (middle.timestamp < time) low = middle;
    else high = middle;
  }
  return high.number;
}
