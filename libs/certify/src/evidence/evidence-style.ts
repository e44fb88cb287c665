// How the page of an evidence bundle looks. Contrast is at least 4.5 to 1 in both schemes.

export const EVIDENCE_STYLE = `
:root { --ink: #1c2430; --dim: #566070; --page: #f6f7f9; --card: #fff; --line: #d8dde4;
  --good: #14692f; --good-bg: #dff3e4; --bad: #a11b1b; --bad-bg: #fbe3e1;
  --job: #44546a; --commit: #1d5fa8; --effect: #7a3fa0; --injection: #a11b1b; --worker: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --dim: #a3adba; --page: #14181e;
  --card: #1c222b; --line: #353d49; --good: #7fd89a; --good-bg: #17351f; --bad: #ff9d94; --bad-bg: #411c1a;
  --job: #a9b8cc; --commit: #7db6f5; --effect: #d0a2ef; --injection: #ff9d94; --worker: #e8b75a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 26px; margin: 8px 0 12px; } h2 { font-size: 19px; margin: 0 0 10px; }
h3 { font-size: 15px; margin: 20px 0 6px; }
header, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 18px 20px; margin-bottom: 16px; }
.verdict { display: inline-block; margin: 0; padding: 3px 14px; border-radius: 99px; font-weight: 700; }
.certified, .passed { color: var(--good); background: var(--good-bg); }
.failed { color: var(--bad); background: var(--bad-bg); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; }
.facts dt, .counts dt { color: var(--dim); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: 10px; margin: 0; }
.counts div { border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; min-width: 96px; }
.counts dd { margin: 0; font-size: 21px; font-weight: 650; font-variant-numeric: tabular-nums; }
.failure { border-left: 5px solid var(--bad); }
.message { font-size: 17px; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; color: var(--dim); font-weight: 600; }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:first-child { font-variant-numeric: tabular-nums; }
code, pre { font: 13px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 10px;
  white-space: pre-wrap; }
ul { margin: 0; padding-left: 20px; }
.tag { border-radius: 5px; padding: 0 7px; font-size: 13px; border: 1px solid currentColor; }
.tag.passed, .tag.failed { border-color: transparent; }
.tag.job { color: var(--job); } .tag.commit { color: var(--commit); }
.tag.effect { color: var(--effect); } .tag.injection { color: var(--injection); }
.tag.worker { color: var(--worker); }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
.lane { stroke: var(--line); stroke-width: 2; }
.mark.job { fill: var(--job); } .mark.worker { fill: var(--worker); }
.mark.effect { fill: var(--effect); } .mark.commit { fill: var(--commit); }
.mark.injection { stroke: var(--injection); stroke-width: 4; stroke-linecap: round; }
.legend { margin: 6px 0; }
`;
