import { defaultDataDir } from './data-dir.ts';

export const DEFAULT_PORT = 7520;

export const generalHelp =
  (): string => `Weir: an offline-first client for River group chat on Freenet.

  weir serve          serve the app and its embedded node on this machine
  weir seed FILE      put a recorded River user's data into a running node
  weir doctor         say how the node's data and a running host are, or what a report of the app means
  weir storm          find out whether a web app, this one or another, survives being reloaded
  weir COMMAND --help what a command does, and its options

From a checkout: npm run -s weir -- COMMAND`;

export const serveHelp =
  (): string => `weir serve: the app at http://localhost:${DEFAULT_PORT}, on its embedded node.

Everything stays on this machine: the host listens on the loopback addresses only. The node keeps delegates and
their secrets on disk; what the app shows as "on your node" is there. Ctrl-C stops it cleanly.

  --port N              port to listen on; 0 takes any free one (default ${DEFAULT_PORT}).
                        The app's data in the browser belongs to the address: keep to one port.
  --data-dir DIR        where the node keeps its data (default ${defaultDataDir()})
  --delegate FILE.wasm  the chat delegate that the app uses (default: the built one, delegate/build/chat-delegate.wasm).
                        Another delegate has other secrets: what was stored through the first stays with it.
  --contract FILE.wasm  the room contract: its module then decides what a room takes, and the app puts rooms with it, as a real
                        node needs (default: River's rules as Weir has them, under the code hash of River's contract)
  --hosted              a node of several people: every browser profile is a person, with up to 4 MiB that nobody else reaches.
                        Without it, all who open the app here are one person
  --local-mode          the node answers as "freenet local" does: it says what failed, where a network node answers every failure
                        of a delegate with an empty success
  --app DIR             the built app (default ./dist, which npm run build makes)
  --misbehave FILE.json for tests only: the node refuses, delays, cuts, loses or garbles as the script says (docs/node.md)

  weir serve
  weir serve --port 7600 --data-dir /tmp/weir-try`;

export const doctorHelp =
  (): string => `weir doctor: looks at the node's data and at a running host, changes nothing, and says what it finds.

The store is opened to be read only, also while a host is running on it. Looked at are its format, the delegates, how many
secrets there are for whom (never what they are), whether every stored value is in the delegate's list of keys and the other way
round, whether the values decode, and whether the rooms' contracts are valid by River's rules. Lines that begin with ! are
troubles, with - notes. Exit code 0: no trouble; 1: some; 2: the command made no sense.

  --data-dir DIR        the node's data (default ${defaultDataDir()})
  --url URL             the host that should be running (default: http://localhost:${DEFAULT_PORT}, which need not)
  --report FILE.json    explains a report that the app has exported (How saving stands, Export a report), and looks at nothing else
  --json                everything as JSON

  weir doctor
  weir doctor --data-dir /tmp/weir-try --url http://localhost:7600
  weir doctor --report weir-report.json`;

export const seedHelp =
  (): string => `weir seed FILE: puts a recorded River user's data into the node of a running host.

FILE (.json or .json.gz) holds a user's whole data as requests to the chat delegate, in order. What is missing on the
node is stored; what is there already with the same content is left alone; if anything is there with other content,
nothing at all is written. At the end the keys on the node are compared with the ones the file lists.

  --url URL             the host (default http://localhost:${DEFAULT_PORT})

  weir seed user-data.json.gz
  weir seed user-data.json --url http://localhost:7600`;
