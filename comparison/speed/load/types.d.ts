// The package has no types of its own; these are what is used of it here.
declare module "autocannon" {
  type Client = {
    reqsMade: number;
    responseMax: number;
    setRequests(requests: object[]): void;
  };

  type Tracker = PromiseLike<unknown> & {
    on(
      event: "response",
      heard: (client: Client, status: number, bytes: number, duration: number) => void,
    ): void;
    on(event: "reqError", heard: (error: Error) => void): void;
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
