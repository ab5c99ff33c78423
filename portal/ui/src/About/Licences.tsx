import type { ReactNode } from "react";
import { useLicences } from "../api/hooks/licences";
import { paths } from "../api/paths";
import { Cell, PlainTable, ROW } from "../ui/PlainTable";
import { LIBRARIES } from "./libraries";

/** Under which licences all this may be used. */
export function Licences() {
  return (
    <div className="flex flex-col gap-6">
      <p className="text-sm text-pretty text-soft">
        kafkloud itself is under the Apache License 2.0; the file LICENSE beside its source has the text. What it stands on has licences of its own.
      </p>
      <Part title="In this page">
        <PagePackages />
      </Part>
      <Part title="In and around the services">
        <PlainTable label="Licences of the services' libraries" heads={[{ title: "Library" }, { title: "Licence" }, { title: "Used for", roomy: true }]}>
          {LIBRARIES.map(({ name, licence, use }) => (
            <tr key={name} className={ROW}>
              <Cell wide>
                {name}
                <span className="block text-xs text-faint sm:hidden">{use}</span>
              </Cell>
              <Cell>{licence}</Cell>
              <Cell roomy wide>
                {use}
              </Cell>
            </tr>
          ))}
        </PlainTable>
      </Part>
    </div>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div>
    <h3 className="mb-2 text-sm font-medium text-soft">{title}</h3>
    {children}
  </div>
);

function PagePackages() {
  const { data, error } = useLicences();
  if (!data) {
    return (
      <p role="status" className="text-sm text-faint">
        {error ? "The list is made when the page is built, and this server does not have it." : "Reading the list"}
      </p>
    );
  }
  return (
    <>
      <PlainTable label="Licences of the page's packages" heads={[{ title: "Package" }, { title: "Version" }, { title: "Licence" }]}>
        {data.map(({ name, version, licence }) => (
          <tr key={name} className={ROW}>
            <Cell wide>{name}</Cell>
            <Cell>{version}</Cell>
            <Cell wide>{licence}</Cell>
          </tr>
        ))}
      </PlainTable>
      <a href={paths.licenceTexts()} className="mt-2 inline-block text-sm text-accent hover:underline">
        Their full texts
      </a>
    </>
  );
}
