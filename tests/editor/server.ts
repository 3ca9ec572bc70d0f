import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installed } from '../support/installed.js';

/** The ESLint language server of VS Code, as it is packed for other editors, and the protocol it speaks. */
const packages = ['vscode-langservers-extracted@4.10.0', 'vscode-jsonrpc@8.2.1'];

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Diagnostic {
  readonly range: Range;
  readonly severity: number;
  readonly code: string;
  readonly message: string;
  readonly codeDescription?: { readonly href: string };
}

export interface CodeAction {
  readonly title: string;
  readonly kind?: string;
  readonly command: { readonly command: string; readonly arguments: readonly unknown[] };
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

/** The edit of one request: by document, or by version of a document. */
interface WorkspaceEdit {
  readonly changes?: Readonly<Record<string, readonly TextEdit[]>>;
  readonly documentChanges?: readonly { readonly edits: readonly TextEdit[] }[];
}

/** What of `vscode-jsonrpc` is used; it lies beside the server and not among our dependencies. */
interface Connection {
  sendRequest<T>(method: string, parameters?: unknown): Promise<T>;
  sendNotification(method: string, parameters?: unknown): Promise<void>;
  onRequest(method: string, handler: (parameters: never) => unknown): void;
  onNotification(method: string, handler: (parameters: never) => void): void;
  listen(): void;
  dispose(): void;
}

interface JsonRpc {
  createMessageConnection(reader: object, writer: object): Connection;
  readonly StreamMessageReader: new (stream: NodeJS.ReadableStream | null) => object;
  readonly StreamMessageWriter: new (stream: NodeJS.WritableStream | null) => object;
}

/** A document that an editor has open. */
export class Document {
  private version = 1;
  readonly uri: string;
  private readonly connection: Connection;
  private current: string;

  constructor(connection: Connection, file: string, text: string) {
    this.connection = connection;
    this.uri = pathToFileURL(file).href;
    this.current = text;
  }

  get text(): string {
    return this.current;
  }

  /** What the server says about the text as it is now. */
  async diagnostics(): Promise<readonly Diagnostic[]> {
    const { items } = await this.connection.sendRequest<{ items: readonly Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri: this.uri } });
    return items;
  }

  /** Types: replaces the whole text. */
  async change(text: string): Promise<void> {
    this.current = text;
    this.version += 1;
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri: this.uri, version: this.version }, contentChanges: [{ text }] });
  }

  /** What the editor's light bulb offers for a diagnostic. */
  async actions(diagnostic: Diagnostic): Promise<readonly CodeAction[]> {
    const context = { diagnostics: [diagnostic], triggerKind: 1 };
    return this.connection.sendRequest('textDocument/codeAction', { textDocument: { uri: this.uri }, range: diagnostic.range, context });
  }

  /** What "fix all auto-fixable problems" runs. */
  get fixAll(): CodeAction['command'] {
    return { command: 'eslint.applyAllFixes', arguments: [{ uri: this.uri, version: this.version }] };
  }
}

/** The server, with a project open in it. */
export class EslintServer {
  private readonly child: ChildProcess;
  private readonly connection: Connection;
  private edit: WorkspaceEdit | undefined;
  /** What the server could not hide from its user. */
  readonly complaints: string[] = [];

  private constructor(child: ChildProcess, connection: Connection) {
    this.child = child;
    this.connection = connection;
  }

  /**
   * Starts the server as an editor does.
   *
   * @param project - the folder that is open
   * @returns the server, ready for documents
   */
  static async start(project: string): Promise<EslintServer> {
    const folder = installed({ folder: fileURLToPath(new URL('.packages/vscode-langservers-extracted@4.10.0', import.meta.url)), packages, before: '2026-11-19' });
    const rpc = createRequire(join(folder, 'client.js'))('vscode-jsonrpc/node') as JsonRpc;
    const command = join(folder, 'node_modules/vscode-langservers-extracted/bin/vscode-eslint-language-server');
    const child = spawn(process.execPath, [command, '--stdio'], { cwd: project, stdio: ['pipe', 'pipe', 'ignore'] });
    const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(child.stdout), new rpc.StreamMessageWriter(child.stdin));
    const server = new EslintServer(child, connection);
    const workspaceFolder = { uri: pathToFileURL(project).href, name: 'project' };
    connection.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) => items.map(() => settingsOf(project, workspaceFolder)));
    connection.onRequest('workspace/workspaceFolders', () => [workspaceFolder]);
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('workspace/diagnostic/refresh', () => null);
    connection.onRequest('workspace/applyEdit', ({ edit }: { edit: WorkspaceEdit }) => {
      server.edit = edit;
      return { applied: true };
    });
    connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
      if (type === 1) server.complaints.push(message);
    });
    for (const notification of ['eslint/status', 'eslint/showOutputChannel', 'eslint/exitCalled']) connection.onNotification(notification, () => undefined);
    connection.listen();
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: workspaceFolder.uri, workspaceFolders: [workspaceFolder], capabilities });
    await connection.sendNotification('initialized', {});
    return server;
  }

  /** Opens a file. */
  async open(file: string, text: string): Promise<Document> {
    const document = new Document(this.connection, file, text);
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri: document.uri, languageId: 'typescript', version: 1, text } });
    return document;
  }

  /**
   * Runs what a code action stands for.
   *
   * @param command - the action's command
   * @param document - the document that is open
   * @returns the text with the edits that the server asked its client to apply
   */
  async run(command: CodeAction['command'], document: Document): Promise<string> {
    this.edit = undefined;
    await this.connection.sendRequest('workspace/executeCommand', command);
    const { changes, documentChanges } = (this.edit as WorkspaceEdit | undefined) ?? {};
    return applied(document.text, documentChanges?.flatMap(({ edits }) => edits) ?? changes?.[document.uri] ?? []);
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    this.connection.dispose();
    this.child.kill();
  }
}

const capabilities = {
  workspace: { configuration: true, workspaceFolders: true, applyEdit: true, diagnostics: { refreshSupport: true } },
  textDocument: {
    diagnostic: { dynamicRegistration: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source', 'source.fixAll'] } }, dataSupport: true },
    synchronization: { dynamicRegistration: true },
  },
};

/** The server asks for these once a document, and says nothing about documents for which it gets none. */
function settingsOf(project: string, workspaceFolder: object): object {
  return {
    validate: 'on',
    run: 'onType',
    packageManager: 'npm',
    nodePath: null,
    quiet: false,
    format: { enable: false },
    options: {},
    useESLintClass: true,
    experimental: {},
    onIgnoredFiles: 'off',
    rulesCustomizations: [],
    problems: { shortenToSingleLine: false },
    codeAction: { disableRuleComment: { enable: true, location: 'separateLine', commentStyle: 'line' }, showDocumentation: { enable: true } },
    codeActionOnSave: { mode: 'all' },
    workspaceFolder,
    workingDirectory: { directory: project },
  };
}

/** A text after edits that all refer to it as it was. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ({ line, character }: Position): number => (starts[line] ?? text.length) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((result, { range, newText }) => result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end)), text);
}
