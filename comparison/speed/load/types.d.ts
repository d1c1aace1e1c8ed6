// The package has no types of its own; these are what is used of it here.
declare module "autocannon" {
  type Client = {
    reqsMade: number;
    responseMax: number;
    setRequests(requests: object[]): void;
    on(event: "headers", heard: (head: { shouldKeepAlive: boolean }) => void): void;
    on(event: "connError", heard: (error: Error) => void): void;
    on(event: "timeout", heard: () => void): void;
    // What it does not document.
    conn?: object;
    destroyed: boolean;
    parser: { type: string; finish(): void; reinitialize(type: string): void };
    pipelinedRequests: { size(): number };
    _connect(): void;
    _destroyConnection(): void;
  };

  type Tracker = PromiseLike<unknown> & {
    on(
      event: "response",
      heard: (client: Client, status: number, bytes: number, duration: number) => void,
    ): void;
  };

  export default function autocannon(options: {
    url: string;
    connections: number;
    duration: number;
    timeout: number;
    sampleInt: number;
    requests: object[];
    setupClient(client: Client): void;
  }): Tracker;
}
