// Server-sent events from bytes (HTML standard, 9.2), read with fetch instead of EventSource: that one hides the
// answer that refused it and the position that a stream begins with.

export interface ServerEvent {
  /** "message" when the stream does not name it. */
  name: string;
  data: string;
}

/** What a piece of a stream brought. */
export interface Piece {
  events: ServerEvent[];
  /** The first and the last id of the piece; events without data carry one, too. */
  firstId?: string;
  id?: string;
  /** How long to wait before coming back, in ms. */
  retry?: number;
  /** The last comment that is not a heartbeat. */
  comment?: string;
}

/** Makes a function that takes the stream's text piece by piece, cut anywhere. */
export function sseReader(): (text: string) => Piece {
  let rest = "";
  let name = "";
  let id: string | undefined;
  let data: string[] = [];

  function readLine(line: string, piece: Piece) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") name = value;
    else if (field === "id") id = value;
    else if (field === "retry" && /^\d+$/.test(value)) piece.retry = Number(value);
    else if (field === "" && value !== "") piece.comment = value;
  }
  function endEvent(piece: Piece) {
    if (data.length > 0) piece.events.push({ name: name || "message", data: data.join("\n") });
    if (id !== undefined) {
      piece.firstId ??= id;
      piece.id = id;
    }
    name = "";
    data = [];
  }

  return (text) => {
    const piece: Piece = { events: [] };
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") endEvent(piece);
      else readLine(line, piece);
    }
    return piece;
  };
}
