/**
 * The runner as a library: what the command line is made of.
 *
 * @module
 */

export type {
  Configuration,
  DatabaseSettings,
  ScheduleSettings,
  ServerSettings,
  ServiceSettings,
  TrustSettings,
} from "./config/configuration.ts";
export type { ConfigurationFault, ConfigurationFaultCode } from "./config/configuration-fault.ts";
export { createFileSource, type FileSourceOptions } from "./download/file-source.ts";
export { createServiceSource, type ServiceSourceOptions } from "./download/service-source.ts";
export { type LogEvent, type LogEventName, type LogLevel, logEvents } from "./log/events.ts";
export { createLogger, type Logger, type LoggerOptions } from "./log/logger.ts";
export {
  openTrustStore,
  type RunContext,
  type RunRequest,
  type RunResult,
  readConfiguration,
  runOnce,
} from "./main.ts";
export { type Service, startService } from "./service.ts";
export { openStore, type Store, type StoreOptions } from "./store/store.ts";
