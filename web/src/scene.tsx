/** The mikoshi of the membership card, as `MembershipCard.sol` draws it by day. */
const LANTERNS =
  "M25 30Q25 21 36 21T47 30V40Q47 49 36 49T25 40ZM73 37Q73 28 84 28T95 37V47Q95 56 84 56T73 47ZM255 37Q255 28 266 28T277 37V47Q277 56 266 56T255 47ZM303 30Q303 21 314 21T325 30V40Q325 49 314 49T303 40Z";
const WOOD =
  "M175 66C183 92 222 110 262 111Q271 111 274 101Q282 121 264 125H86Q68 121 76 101Q79 111 88 111C128 110 167 92 175 66ZM118 125H232V181H118ZM100 181H250V201H100Z";
const GOLD =
  "M166 60A9 9 0 1 1 184 60A9 9 0 1 1 166 60ZM96 125H254V134H96ZM128 142H142V181H128ZM208 142H222V181H208ZM156 181V158Q175 140 194 158V181Z";

export const Scene = () => (
  <svg viewBox="0 0 350 262" aria-hidden="true" class="scene">
    <circle cx="175" cy="132" r="88" fill="#f6bf4f" />
    <g stroke="#2b2024" stroke-width="2">
      <path d="M0 14Q175 52 350 14" fill="none" />
      <path fill="#fff3d0" d={LANTERNS} />
    </g>
    <path fill="#2b2024" d={WOOD} />
    <path fill="#f6bf4f" stroke="#2b2024" stroke-width="2" d={GOLD} />
    <g fill="none" stroke-linecap="round">
      <g stroke-width="11">
        <path stroke="#2b2024" d="M20 209H330" />
        <path stroke="#f6bf4f" d="M20 209H34M316 209H330" />
      </g>
      <g stroke-dasharray="0 42">
        <path stroke="#2e4374" stroke-width="38" d="M49 264H303" />
        <path stroke="#f3cfa8" stroke-width="20" d="M49 231H303" />
      </g>
    </g>
    <path stroke="#fff" stroke-width="4" stroke-dasharray="18 24" d="M40 227H310" />
  </svg>
);
