// PouchDB as a peer: "serve" is its server, "run URL ROWS.json" a workstation that replicates.
const path = require("path");
const readline = require("readline");
const fs = require("fs");

const PouchDB = require("pouchdb-core")
  .plugin(require("pouchdb-adapter-leveldb"))
  .plugin(require("pouchdb-adapter-http"))
  .plugin(require("pouchdb-replication"))
  .plugin(require("pouchdb-mapreduce"));
const folder = process.argv[3];
const kept = (name) => PouchDB.defaults({ prefix: path.join(folder, name), adapter: "leveldb" });
const AT_ONCE = { batch_size: 500 };

function serve() {
  const app = require("express")();
  const options = { inMemoryConfig: true, mode: "minimumForPouchDB" };
  app.use("/", require("express-pouchdb")(kept("server-"), options));
  const bound = app.listen(0, "127.0.0.1", () => console.log(bound.address().port));
}

async function timed(work) {
  const start = performance.now();
  const done = await work();
  return [performance.now() - start, done.docs_written];
}

async function run(port, file) {
  const Local = kept("local-");
  const remote = new PouchDB(`http://127.0.0.1:${port}/bench`, { adapter: "http" });
  const [first, second] = [new Local("a"), new Local("b")];
  let docs = [], count = 0;
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    docs.push(JSON.parse(line));
    count += 1;
    if (docs.length === 500) await first.bulkDocs(docs.splice(0));
  }
  await first.bulkDocs(docs);
  const figures = {};
  const [push, sent] = await timed(() => first.replicate.to(remote, AT_ONCE));
  const [pull, came] = await timed(() => second.replicate.from(remote, AT_ONCE));
  if (sent !== count || came !== count) throw new Error(`${sent} and ${came} of ${count}`);
  figures.push = push;
  figures.pull = pull;
  figures.nothing = [];
  figures.one = [];
  for (let n = 0; n < 20; n++) {
    figures.nothing.push((await timed(() => second.replicate.from(remote, AT_ONCE)))[0]);
  }
  for (let n = 0; n < 20; n++) {
    await first.put({ _id: `one:${n}`, text: "one" });
    figures.one.push((await timed(() => first.replicate.to(remote, AT_ONCE)))[0]);
  }
  console.log(JSON.stringify(figures));
  process.exit(0);
}

if (process.argv[2] === "serve") serve();
else run(process.argv[4], process.argv[5]);
