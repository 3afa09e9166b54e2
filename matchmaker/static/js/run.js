// Follows a run: two stepped lines in two inks, labelled at their ends, and the sentence above them.
// Colours come from the page's own tokens, so that the event's accent and the night follow.
const holder = document.getElementById("run-chart");
const heading = document.getElementById("run-finding");
const rows = document.querySelector("details tbody");
const locale = document.documentElement.lang === "fr" ? "fr" : "en";
const written = (number) => number.toLocaleString(locale).replaceAll("\u202f", "\u00a0");

const start = () => {
  const points = JSON.parse(holder.dataset.points);
  const chart = echarts.init(holder, null, { renderer: "svg" });
  const show = () => {
    draw(chart, points);
    say(points);
  };
  show();
  addEventListener("resize", () => chart.resize());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  if (holder.dataset.stream) follow(points, show);
};

const follow = (points, show) => {
  const stream = new EventSource(holder.dataset.stream);
  stream.addEventListener("message", (event) => {
    const news = JSON.parse(event.data).points;
    points.push(...news);
    rows.append(...news.map(row));
    show();
  });
  stream.addEventListener("over", () => {
    stream.close();
    location.reload();
  });
};

const line = (points, column) => {
  const known = points.filter((point) => point[column] !== null).map((point) => [point[0], point[column]]);
  const end = points.at(-1);
  return known.length && end[0] > known.at(-1)[0] ? [...known, [end[0], known.at(-1)[1]]] : known;
};

const say = (points) => {
  const value = line(points, 1).at(-1)?.[1];
  const bound = line(points, 2).at(-1)?.[1];
  if (value === undefined || bound === undefined) return;
  const words = bound <= value ? holder.dataset.proven : holder.dataset.both;
  heading.textContent = words.replace("{value}", written(value)).replace("{bound}", written(bound));
  holder.setAttribute("aria-label", heading.textContent);
};

const row = (point) => {
  const line = document.createElement("tr");
  for (const number of point) {
    const cell = line.insertCell();
    cell.className = "n";
    cell.textContent = number === null ? "" : written(number);
  }
  return line;
};

const draw = (chart, points) => {
  const token = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const narrow = holder.clientWidth < 480;
  const small = { fontFamily: "IBM Plex Sans, IBM Plex Sans Arabic", fontSize: narrow ? 12 : 13, color: token("--ink-2") };
  const series = (name, data, colour, dash, away) => ({
    name, data, type: "line", step: "end", symbol: "none", silent: true,
    lineStyle: { color: colour, width: 2.5, type: dash },
    endLabel: { ...small, show: true, color: colour, fontWeight: 600, lineHeight: 16, offset: [4, away],
      formatter: () => (data.length ? `${name}\n${written(data.at(-1)[1])}` : "") },
  });
  const value = line(points, 1), bound = line(points, 2);
  const heights = [...value, ...bound].map((point) => point[1]);
  const last = points.at(-1)?.[0] ?? 0;
  chart.setOption({
    animation: false,
    grid: { left: 8, right: narrow ? 76 : 104, top: 20, bottom: 8, containLabel: true },
    xAxis: { type: "value", min: 0, max: Math.max(1, Math.ceil(last)), splitNumber: narrow ? 3 : 6,
      axisLabel: { ...small, formatter: (seconds) => holder.dataset.time.replace("{value}", written(seconds)), hideOverlap: true }, axisLine: { lineStyle: { color: token("--ink") } }, splitLine: { show: false } },
    yAxis: { type: "value", ...span(heights), splitNumber: 4,
      axisLabel: { ...small, formatter: written, showMinLabel: false, showMaxLabel: false }, splitLine: { lineStyle: { color: token("--hair") } } },
    series: [
      series(holder.dataset.bound, bound, token("--ink"), [7, 4], -16),
      series(holder.dataset.value, value, token("--accent"), "solid", 16),
    ],
  });
};

const span = (heights) => {
  if (!heights.length) return { min: 0, max: 1 };
  const low = Math.min(...heights), high = Math.max(...heights);
  const room = Math.max(1, (high - low) * 0.08);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(10, high - low))) - 1);
  return { min: Math.max(0, Math.floor((low - room) / step) * step), max: Math.ceil((high + room) / step) * step };
};

if (holder) start();
