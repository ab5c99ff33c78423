// One way to ask a service: JSON back, or an ApiError that carries what the service said was wrong.
import { fetchAsBearer } from "./bearer";

/** RFC 9457, with the members docs/http-api.md adds. */
export interface Problem {
  status: number;
  title: string;
  detail: string;
  type?: string;
  field?: string;
  limit?: number;
  line?: number;
  column?: number;
  retry_after_s?: number;
  persisted?: "no" | "possibly";
  id?: string | null;
}

/** No HTTP answer came at all. */
export const UNREACHABLE = 0;

export class ApiError extends Error {
  readonly problem: Problem;
  /** The whole answer, for calls whose error says more than the problem. */
  readonly body: unknown;

  constructor(problem: Problem, body?: unknown) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.problem = problem;
    this.body = body;
  }
}

export async function requestJson<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await reach(path, init);
  const body = await readJson(response);
  if (!response.ok) throw new ApiError(toProblem(response, body), body);
  if (body === undefined) {
    throw new ApiError({ status: response.status, title: "Not JSON", detail: `${path} did not answer JSON.` });
  }
  return body as T;
}

/** For calls that answer 204, or whose answer nobody reads. */
export async function requestNothing(path: string, init?: RequestInit): Promise<void> {
  const response = await reach(path, init);
  if (response.ok) return;
  const body = await readJson(response);
  throw new ApiError(toProblem(response, body), body);
}

/** The init of a call that carries JSON. */
export const jsonBody = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/** The answer, whatever its status; an ApiError where none came. */
export async function reach(path: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetchAsBearer(path, init);
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new ApiError({
      status: UNREACHABLE,
      title: "Unreachable",
      detail: "The portal gave no answer.",
    });
  }
}

/** undefined: the body is not JSON, or was cut off. */
export async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

export function toProblem(response: Response, body: unknown): Problem {
  const plain = { status: response.status, title: response.statusText || "Error" };
  const explained = typeof body === "object" && body !== null && "title" in body;
  if (!explained) return { ...plain, detail: `The answer was HTTP ${response.status}, without an explanation.` };
  return { detail: "", ...plain, ...(body as Partial<Problem>) };
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return { status: UNREACHABLE, title: "Error", detail: error instanceof Error ? error.message : String(error) };
}
