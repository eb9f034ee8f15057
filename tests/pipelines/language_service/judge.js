// Judges pipeline YAML with Microsoft's language service: node judge.js SCHEMA.json FILE.yml …
// Prints one JSON object: file → list of {line, message}.
"use strict";
const { readFileSync } = require("node:fs");
const { pathToFileURL } = require("node:url");

console.log = () => {};  // the service reports its own progress there
const { getLanguageService, parse } = require("azure-pipelines-language-service");
const { TextDocument } = require("vscode-languageserver-textdocument");

const [schemaFile, ...files] = process.argv.slice(2);
const schemaUri = pathToFileURL(schemaFile).toString();
const service = getLanguageService(() => Promise.resolve(JSON.parse(readFileSync(schemaFile, "utf-8"))), [], () => Promise.resolve(schemaUri));
service.configure({ validate: true });

async function judge(file) {
  const document = TextDocument.create(pathToFileURL(file).toString(), "azure-pipelines", 1, readFileSync(file, "utf-8"));
  const problems = await service.doValidation(document, parse(document.getText()));
  return [file, problems.map((problem) => ({ line: problem.range.start.line + 1, message: problem.message }))];
}

Promise.all(files.map(judge)).then((judged) => process.stdout.write(JSON.stringify(Object.fromEntries(judged))));
