import { type Part, type PartState, partNamed, storeState } from "../../System/parts";
import { STATES } from "../../System/states";
import { useScrollBox } from "../../ui/useScrollBox";
import { cx } from "../../ui/cx";
import { type Arrow, type Box, type BoxName, NARROW, WIDE } from "./layout";

/** What stands in a box below its name. */
const WORDS: Record<BoxName, { title: string; about: string }> = {
  portal: { title: "Portal", about: "this page, and its one way to the rest" },
  producer: { title: "Producer", about: "HTTP to Kafka" },
  kafka: { title: "Kafka", about: "keeps messages" },
  consumer: { title: "Consumer", about: "reads them all" },
  store: { title: "Receipts", about: "the consumer’s file" },
  steward: { title: "Steward", about: "topics, groups" },
  seer: { title: "Seer", about: "questions" },
};

/** Below this many pixels the boxes stand one below the other. */
const WIDE_FROM_PX = 720;

export function SystemPicture({ parts }: { parts: readonly Part[] }) {
  const { box, width } = useScrollBox();
  const layout = width >= WIDE_FROM_PX ? WIDE : NARROW;
  const states = statesOf(parts);
  return (
    <div ref={box}>
      <svg
        role="img"
        aria-label={spoken(states)}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        className={cx("mx-auto block w-full", layout === WIDE ? "max-w-5xl" : "max-w-md")}
      >
        <ArrowHeads />
        {layout.arrows.map((arrow) => (
          <ArrowLine key={arrow.path} arrow={arrow} states={states} />
        ))}
        {boxNames.map((name) => (
          <BoxGroup key={name} name={name} box={layout.boxes[name]} state={states[name]} />
        ))}
      </svg>
    </div>
  );
}

const boxNames = Object.keys(WORDS) as BoxName[];

type States = Record<BoxName, PartState>;

function statesOf(parts: readonly Part[]): States {
  const state = (name: BoxName) => (name === "store" ? storeState(partNamed(parts, "consumer")) : partNamed(parts, name).state);
  return Object.fromEntries(boxNames.map((name) => [name, state(name)])) as States;
}

const spoken = (states: States) =>
  `Messages go from the producer to Kafka to the consumer, which keeps a receipt of each; the portal stands in front, steward and seer look at Kafka. ${boxNames
    .map((name) => `${WORDS[name].title}: ${STATES[states[name]].words}`)
    .join(", ")}.`;

const LOOKS: Record<PartState, { frame: string; words: string; dot: string }> = {
  ready: { frame: "stroke-ok", words: "fill-ok", dot: "fill-ok" },
  unready: { frame: "stroke-warn", words: "fill-warn", dot: "fill-warn" },
  down: { frame: "stroke-bad", words: "fill-bad", dot: "fill-bad" },
  unknown: { frame: "stroke-edge", words: "fill-faint", dot: "fill-edge" },
  absent: { frame: "stroke-edge [stroke-dasharray:5_4]", words: "fill-faint", dot: "fill-none stroke-edge" },
};

function BoxGroup({ name, box: { x, y, width, height }, state }: { name: BoxName; box: Box; state: PartState }) {
  const { frame, words, dot } = LOOKS[state];
  return (
    <g>
      <rect x={x} y={y} width={width} height={height} rx={10} className={cx("fill-sunken stroke-[1.5]", frame)} />
      <text x={x + 14} y={y + 25} className="fill-ink text-[15px] font-semibold">
        {WORDS[name].title}
      </text>
      <text x={x + 14} y={y + 43} className="fill-faint text-[12px]">
        {WORDS[name].about}
      </text>
      <StateText name={name} x={x} y={y} width={width} height={height} words={STATES[state].words} dot={dot} fill={words} />
    </g>
  );
}

interface StateTextProps extends Box {
  name: BoxName;
  words: string;
  dot: string;
  fill: string;
}

/** In the portal's long box at its right end, else below the other words. */
function StateText({ name, x, y, width, height, words, dot, fill }: StateTextProps) {
  const atEnd = name === "portal";
  const at = { x: atEnd ? x + width - 14 : x + 27, y: atEnd ? y + 25 : y + height - 13 };
  return (
    <>
      <circle cx={atEnd ? at.x - 7 * words.length - 6 : x + 18} cy={at.y - 4} r={4} className={dot} />
      <text x={at.x} y={at.y} textAnchor={atEnd ? "end" : "start"} className={cx("text-[12px] font-medium", fill)}>
        {words}
      </text>
    </>
  );
}

const LINES: Record<Arrow["kind"], string> = {
  message: "stroke-accent stroke-2",
  call: "stroke-edge",
  look: "stroke-edge [stroke-dasharray:2_3]",
};

function ArrowLine({ arrow: { from, to, kind, path }, states }: { arrow: Arrow; states: States }) {
  const idle = states[from] === "absent" || states[to] === "absent";
  return (
    <path d={path} markerEnd={`url(#${kind === "message" ? "head-message" : "head"})`} className={cx("fill-none", LINES[kind], idle && "opacity-40")} />
  );
}

const ArrowHeads = () => (
  <defs>
    <ArrowHead id="head" className="fill-edge" />
    <ArrowHead id="head-message" className="fill-accent" />
  </defs>
);

const ArrowHead = ({ id, className }: { id: string; className: string }) => (
  <marker id={id} viewBox="0 0 8 8" refX={5} refY={4} markerWidth={8} markerHeight={8} markerUnits="userSpaceOnUse" orient="auto">
    <path d="M0 0.5 7 4 0 7.5Z" className={className} />
  </marker>
);
