// What the middlewares of this application put on a request.
import type { Row } from "./database.js";

declare global {
  namespace Express {
    interface Request {
      user?: any;
      profile?: any;
      article?: any;
      comment?: any;
    }
  }
}
