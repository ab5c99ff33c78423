import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useAnswer, useSearch } from "../../api/hooks/seer";
import { useUrlState } from "../../lib/useUrlState";
import { type Question, questionParams, readQuestion } from "../address";
import { Trouble } from "../Trouble";
import { Answer } from "./Answer";
import { AskForm } from "./AskForm";
import { Passages } from "./Passages";
import { Start } from "./Start";
import { remember } from "./asked";

/** A question and what comes of it. The question is in the address. */
export function Ask() {
  const [params, setParams] = useUrlState();
  const question = readQuestion(params);
  const scope = { topic: question.topic || undefined, source: question.source || undefined };
  const answer = useAnswer(question.text, scope, question.wanted === "answer");
  const found = useSearch(question.text, question.mode, scope, question.wanted === "passages");

  function ask(next: Question) {
    remember(next.text);
    const same = JSON.stringify(next) === JSON.stringify(question);
    setParams(questionParams(next), { step: !same });
    if (same) void (next.wanted === "answer" ? answer : found).refetch();
  }

  return (
    <div className="flex flex-col gap-5">
      {/* An address that changed by itself (back, a link) fills the form anew. */}
      <AskForm key={params.toString()} question={question} onAsk={ask} />
      {question.text === "" ? (
        <Start onAsk={(text) => ask({ ...question, text })} />
      ) : question.wanted === "answer" ? (
        <Asked query={answer}>{(data) => <Answer answer={data} />}</Asked>
      ) : (
        <Asked query={found}>{(data) => <Passages found={data} />}</Asked>
      )}
    </div>
  );
}

function Asked<T>({ query: { data, error, isFetching }, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (error) return <Trouble error={error} />;
  if (data === undefined) {
    return (
      <p role="status" className="appear-late py-10 text-center text-sm text-faint">
        The seer looks
      </p>
    );
  }
  return <div className={isFetching ? "opacity-60" : ""}>{children(data)}</div>;
}
