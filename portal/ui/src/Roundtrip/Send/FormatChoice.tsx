import { Choices } from "../../ui/Choices";
import { FORMATS, FORMAT_NAMES, type Format } from "./formats";

export const FormatChoice = ({ format, onChange }: { format: Format; onChange(format: Format): void }) => (
  <Choices
    legend="How the message is written"
    choices={FORMAT_NAMES.map((name) => ({ title: FORMATS[name].label, chosen: name === format, choose: () => onChange(name) }))}
  />
);
