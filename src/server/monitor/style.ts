/** Rules of the monitor's page. */
export const MONITOR_STYLE = `
section{margin-top:3.4rem}
.model{margin-bottom:3.2rem}.model h3{font-size:1.3rem;overflow-wrap:anywhere}.model h3 .code{min-width:0;font-size:.8rem;color:var(--muted);font-weight:400}
.model .key{margin:1.6rem 0}
.now{display:inline-block;print-color-adjust:exact;-webkit-print-color-adjust:exact;padding:.1em .7em .14em;border-radius:1em;font-size:.875rem;font-weight:600;border:1.5px solid var(--muted)}
.now.normal{background:var(--good);border-color:var(--good);color:var(--on-state)}.now.drift{background:var(--bad);border-color:var(--bad);color:var(--on-state)}
.effects{list-style:none;margin:1rem 0;padding:0;max-width:44rem;font-size:.875rem;line-height:1.35}
.effects li{display:grid;grid-template-columns:minmax(7.5rem,13rem) minmax(0,1fr) 9.4rem;gap:.3rem .9rem;align-items:center;padding:.28rem 0;border-bottom:1px solid var(--rule)}
.effects .value{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;color:var(--muted)}
.effects .alarm .value,.effects .alarm .what{color:var(--bad);font-weight:600}
.effects svg{display:block;width:100%;height:18px;overflow:visible}
.effects .axis{stroke:var(--rule);stroke-width:1}.effects .least{fill:var(--band)}
.effects .range{stroke:var(--ink);stroke-width:2}.effects .dot{fill:var(--ink)}.effects .alarm .range{stroke:var(--bad)}.effects .alarm .dot{fill:var(--bad)}
.times{max-width:44rem;margin:1.6rem 0}.times svg{display:block;width:100%;height:76px;overflow:hidden}
.times .line{fill:none;stroke:var(--arm-relu);stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.times .limit{stroke:var(--muted);stroke-width:1;stroke-dasharray:4 4;vector-effect:non-scaling-stroke}
.times .span{fill:var(--bad);opacity:.16}
.times figcaption{display:flex;justify-content:space-between;gap:1rem;flex-wrap:wrap}
#table-tried td.text{white-space:normal;min-width:9rem}
@media print{.effects{max-width:none}.effects li,.model .key{break-inside:avoid}}
@media(max-width:34rem){.layout{padding:0 1.1rem}.effects li{grid-template-columns:minmax(0,1fr) auto}.effects svg{grid-column:1/-1;grid-row:2}}
`;
