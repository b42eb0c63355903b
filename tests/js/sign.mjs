// Signs files of typed data as a wallet does, with viem: node sign.mjs PRIVATE_KEY FILE…
// Prints one signature a line.
import { readFileSync } from "node:fs";
import { privateKeyToAccount } from "viem/accounts";

const [key, ...files] = process.argv.slice(2);
const account = privateKeyToAccount(key);
for (const file of files) {
  console.log(await account.signTypedData(JSON.parse(readFileSync(file, "utf8"))));
}
