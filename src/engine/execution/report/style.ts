/** Style of report.html: the console's words and colours, on paper and in both themes. No font or image is fetched. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1a1b1e;--dim:#5c5f66;--line:#dee2e6;--soft:#f8f9fa;--teal:#087f5b;--yellow:#8a5a00;--red:#c92a2a;--gray:#5c5f66;--teal-bg:#e6fcf5;--yellow-bg:#fff9db;--red-bg:#fff5f5}
@media (prefers-color-scheme:dark){:root{--bg:#1a1b1e;--fg:#e9ecef;--dim:#a6a7ab;--line:#373a40;--soft:#25262b;--teal:#38d9a9;--yellow:#ffd43b;--red:#ff8787;--gray:#a6a7ab;--teal-bg:#0b2e24;--yellow-bg:#33290a;--red-bg:#3b1717}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:14px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px}
h1{font-size:22px;line-height:1.3;margin:0}
h2{font-size:16px;margin:32px 0 8px}
h3{font-size:14px;margin:20px 0 6px}
p{margin:4px 0 12px}
.dim{color:var(--dim)}
.head{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center}
.state{display:inline-flex;gap:6px;align-items:center;font-weight:600;padding:2px 10px;border-radius:4px;border:1px solid currentColor}
.state svg,.sev svg{width:1.15em;height:1.15em;flex:none}
.exito{color:var(--teal);background:var(--teal-bg)}
.parcial{color:var(--yellow);background:var(--yellow-bg)}
.fallido{color:var(--red);background:var(--red-bg)}
.totals{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:8px;margin:20px 0 0;padding:0;list-style:none}
.totals li{border:1px solid var(--line);border-radius:4px;padding:8px 12px}
.totals b{display:block;font-size:20px;line-height:1.3;font-variant-numeric:tabular-nums}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:16px 0 0}
dt{color:var(--dim)}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px}
caption{text-align:left;color:var(--dim);padding:4px 0}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}
thead th{color:var(--dim);font-weight:600;white-space:nowrap}
tbody th{font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.v{font-family:ui-monospace,"Cascadia Mono",Consolas,monospace;font-size:12px;overflow-wrap:anywhere;white-space:pre-wrap}
.sev{display:inline-flex;gap:4px;align-items:center;vertical-align:bottom;margin-right:4px;font-weight:600;white-space:nowrap}
.error{color:var(--red)}.warning{color:var(--yellow)}.message{color:var(--gray)}
details{border:1px solid var(--line);border-radius:4px;margin:8px 0}
summary{cursor:pointer;padding:8px 12px;background:var(--soft)}
summary:focus-visible{outline:2px solid currentColor;outline-offset:2px}
summary .n{float:right;padding-left:12px}
.n+td,.n+th:not(.n){padding-left:16px}
.list{table-layout:fixed}
.list th:nth-child(1),.list th:nth-child(2){width:88px}
.list th:nth-child(3){width:34%}
details>div{padding:4px 12px 8px}
footer{margin-top:32px;border-top:1px solid var(--line);padding-top:12px;color:var(--dim)}
@media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--soft:#f4f4f4;--teal:#087f5b;--yellow:#8a5a00;--red:#c92a2a;--gray:#444;--teal-bg:#fff;--yellow-bg:#fff;--red-bg:#fff}main{max-width:none;padding:0}details::details-content{content-visibility:visible;block-size:auto}tr,summary{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}}
`.trim()
