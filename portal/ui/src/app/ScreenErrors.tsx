import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Panel";

/** A screen that broke, or whose code could not be fetched, says so; the rest of the page goes on. */
export class ScreenErrors extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <div role="alert" className="flex flex-1 flex-col items-center">
        <Empty title="This screen could not be shown">
          Either the portal gave no answer when its code was asked for, or it broke. Loading the page again helps in most cases.
        </Empty>
        <Button onClick={() => window.location.reload()}>Load the page again</Button>
      </div>
    );
  }
}
