// Databricks' client for JavaScript looks after clusters, jobs, notebooks and secrets; prints a line for each thing it
// has shown.
"use strict";

const {Config, WorkspaceClient} = require("@databricks/sdk-experimental");

const CLUSTER = {spark_version: "16.4.x-scala2.12", node_type_id: "Standard_DS3_v2", num_workers: 1};
const NOTEBOOK = "/Shared/train";

async function all(rows) {
    const found = [];
    for await (const row of rows) found.push(row);
    return found;
}

async function refusal(call) {
    try {
        await call;
    } catch (error) {
        return `${error.statusCode} ${error.errorCode}: ${error.message}`;
    }
    throw new Error("was not refused");
}

async function showClusters(client) {
    const waiter = await client.clusters.create({...CLUSTER, cluster_name: "judged"});
    const made = await waiter.wait();
    const cluster_id = made.cluster_id;
    console.log("cluster", made.state);
    const running = await all(client.clusters.list({filter_by: {cluster_states: ["RUNNING"]}, page_size: 1}));
    console.log("running", running.map((cluster) => cluster.cluster_name).join());
    const edited = await (await client.clusters.edit({...CLUSTER, cluster_id, num_workers: 3})).wait();
    console.log("edited", edited.num_workers);
    const events = await all(client.clusters.events({cluster_id, limit: 1}));
    console.log("first of all", events.at(-1).type);
    await client.libraries.install({cluster_id, libraries: [{pypi: {package: "pandas==2.2.3"}}]});
    const [library] = await all(client.libraries.clusterStatus({cluster_id}));
    console.log("library", library.library.pypi.package);
    await client.clusters.setPermissions({
        cluster_id, access_control_list: [{group_name: "users", permission_level: "CAN_RESTART"}]});
    await client.clusters.pin({cluster_id});
    console.log("refused", await refusal(client.clusters.permanentDelete({cluster_id})));
    await (await client.clusters.delete({cluster_id})).wait();
    console.log("terminated", (await client.clusters.get({cluster_id})).termination_reason.code);
}

async function showFiles(client) {
    await client.workspace.import({
        path: NOTEBOOK, language: "PYTHON", format: "SOURCE", overwrite: true,
        content: Buffer.from("# Databricks notebook source\nprint(1)\n").toString("base64")});
    const [notebook] = await all(client.workspace.list({path: "/Shared"}));
    console.log("notebook", notebook.path, Number.isSafeInteger(notebook.object_id));
    console.log("missing", await refusal(client.workspace.getStatus({path: "/Shared/none"})));
    await client.secrets.createScope({scope: "judged"});
    await client.secrets.putSecret({scope: "judged", key: "word", string_value: "open"});
    const {value} = await client.secrets.getSecret({scope: "judged", key: "word"});
    console.log("secret", Buffer.from(value, "base64").toString());
}

async function showJobs(client) {
    const task = {task_key: "train", new_cluster: CLUSTER, notebook_task: {notebook_path: NOTEBOOK}};
    const {job_id} = await client.jobs.create({name: "judged", tasks: [task], tags: {team: "science"}});
    await client.jobs.reset({job_id, new_settings: {name: "judged anew", tasks: [task]}});
    const {settings} = await client.jobs.get({job_id});
    console.log("job", settings.name, settings.tags);
    const run = await (await client.jobs.runNow({job_id})).wait();
    console.log("run", run.state.result_state);
    const runs = await all(client.jobs.listRuns({job_id, limit: 1}));
    console.log("its only run", runs.length === 1 && runs[0].run_id === run.run_id);
    await client.jobs.delete({job_id});
    console.log("gone", (await refusal(client.jobs.get({job_id}))).replace(job_id, "ID"));
}

async function main() {
    const client = new WorkspaceClient(new Config({}));
    console.log("me", (await client.currentUser.me()).userName);
    await showClusters(client);
    await showFiles(client);
    await showJobs(client);
}

main();
