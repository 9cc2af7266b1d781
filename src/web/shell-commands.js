/** @import { Question } from './question.js' */
import { pathOf } from './api.js';

/** @param {string} path @param {unknown} body */
const post = (path, body) =>
  `curl -s ${location.origin}${path} -H 'content-type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`;

const LAB = 'lab';

/** Shell commands that create and fill a cluster, by purpose. */
export const SHELL_COMMANDS = {
  create: post('/api/v1/clusters', { name: LAB }),
  fill: [
    post(`${pathOf(LAB)}/pods`, { name: 'client' }),
    post(`${pathOf(LAB)}/pods`, { name: 'web', labels: { app: 'web' }, ports: [8080] }),
    post(`${pathOf(LAB)}/services`, { name: 'web', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }),
  ].join('\n'),
  apply: `curl -s ${location.origin}${pathOf(LAB)}/manifests -H 'content-type: application/yaml' \\\n  --data-binary @manifests.yaml`,
};

/** The trace that was asked for, once more. @param {string} cluster its name @param {Question} question */
export const traceCommand = (cluster, question) => post(`${pathOf(cluster)}/traces?format=text`, question);
