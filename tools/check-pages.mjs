#!/usr/bin/env node
// Checks the pages in a browser without internet: they load nothing from elsewhere, log no errors, and work.
// Needs Chromium (`CHROMIUM`, or /usr/bin/chromium); without it, says so and exits with 77.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.log(`!!! SKIPPED: no browser at ${executablePath}`);
  process.exit(77);
}
const folder = mkdtempSync(join(tmpdir(), 'packetwalk-pages-'));
const server = spawn(process.execPath, ['dist/main.js'], {
  env: { ...process.env, PORT: '0', LOG_LEVEL: 'silent', DATABASE_URL: `file:${join(folder, 'pages.db')}` },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const fail = (message) => { throw new Error(message); };

async function listening() {
  let text = '';
  for await (const chunk of server.stdout) {
    text += chunk;
    const url = /listening on (\S+)\n/.exec(text)?.[1];
    if (url) return url;
  }
  return fail(`the server ended before it listened: ${text}`);
}

/** One object of each kind of policy and route. */
const EVERY_ROUTE = [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] },
  },
  {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    spec: { priority: 5, subject: { namespaces: {} }, ingress: [{ action: 'Pass', from: [{ namespaces: {} }] }] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    spec: {
      rules: [
        { host: 'a.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } },
      ],
    },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    spec: { gatewayClassName: 'packetwalk', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    spec: { parentRefs: [{ name: 'one' }], rules: [{ matches: [{ path: { value: '/cart' } }], backendRefs: [{ name: 'web', port: 80 }] }] },
  },
]
  .map((object) => `${JSON.stringify({ ...object, metadata: { name: 'one' } })}\n`)
  .join('---\n');

/** A packet is followed step by step, by keys and buttons; the address keeps the step. */
async function followSteps(page) {
  const [bar, current] = [page.locator('.stepper'), page.locator('.step.current')];
  /** What is seen of the current step: its number, whether it is alone open, explained and on the screen. */
  const isAt = async (seq) => {
    await page.waitForFunction(
      (wanted) => document.querySelector('.step.current .seq')?.textContent === wanted && document.querySelector('.step.current .help') !== null,
      seq,
      { timeout: 5_000 },
    );
    if (await current.count() !== 1 || !await current.evaluate((step) => step.open)) fail(`step ${seq} is not the one that is open`);
    if (!await bar.innerText().then((text) => text.includes(`step ${seq} of`))) fail(`the bar does not say step ${seq}: ${await bar.innerText()}`);
  };
  await page.getByRole('button', { name: 'Close all' }).click();
  const dnat = await page.locator('.leg.forward .step.kind-dnat .seq').textContent();
  const before = String(Number(dnat) - 1);
  await page.locator(`#paths-0-connections-0-forward-${before} summary`).click();
  await isAt(before);
  await page.keyboard.press('ArrowRight');
  await isAt(dnat);
  await bar.locator('mark').getByText('10.244.').waitFor();
  if (await bar.locator('.way .here').allTextContents().then((here) => here.join()) !== 'Node node-1') fail('the bar does not show where the packet is');
  await current.getByText('Destination NAT replaces').waitFor();
  await bar.getByRole('button', { name: 'Next step' }).click();
  await bar.getByRole('button', { name: 'Previous step' }).click();
  await isAt(dnat);
  if (await page.locator('.step[open]').count() !== 2) fail('steps that were only passed stay open');
  await page.waitForFunction((seq) => decodeURIComponent(location.hash).endsWith(`at=paths/0/connections/0/forward/${seq}`), dnat, { timeout: 5_000 });
  await page.reload();
  await isAt(dnat);
  await page.waitForFunction(
    () => {
      const { top, bottom } = document.querySelector('.step.current').getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    },
    null,
    { timeout: 5_000 },
  );
  const [, permanent = ''] = (await page.getByRole('link', { name: 'permanent link' }).getAttribute('href')).split('at=');
  if (!decodeURIComponent(permanent).endsWith(`/forward/${dnat}`)) fail(`the permanent link leads to ${permanent}`);
  // From a decision to the next one, and to the end and no further.
  await page.getByLabel('decisions only').check();
  await page.keyboard.press('ArrowRight');
  await page.locator('.step.current.kind-route-lookup').waitFor();
  await page.getByLabel('decisions only').uncheck();
  const steps = await page.locator('.step').count();
  for (let step = 0; step < steps; step += 1) await page.keyboard.press('ArrowRight');
  await page.locator('.leg.return .step.current.kind-deliver').waitFor();
  await page.getByLabel('explain each step').uncheck();
  if (await current.locator('.help').isVisible()) fail('a step is explained to those who know it');
  await page.getByLabel('explain each step').check();
  await page.getByRole('heading', { name: 'Node node-1', exact: true }).first().waitFor();
}

/** A Service of more endpoints than anyone reads. */
const MANY = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'many' },
    spec: {
      replicas: 50,
      selector: { matchLabels: { app: 'many' } },
      template: { metadata: { labels: { app: 'many' } }, spec: { containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 8080 }] }] } },
    },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'many' }, spec: { selector: { app: 'many' }, ports: [{ port: 80, targetPort: 8080 }] } },
]
  .map((object) => `${JSON.stringify(object)}\n`)
  .join('---\n');

/** On a screen of any width all of a table is seen, each value with its heading. */
async function tablesFit(page) {
  for (const width of [1024, 900, 390]) {
    await page.setViewportSize({ width, height: 720 });
    for (const tab of ['Services', 'EndpointSlices', 'NetworkPolicies', 'Ingresses', 'Pods']) {
      await page.getByRole('radio', { name: tab, exact: true }).check();
      const shown = page.getByRole('region', { name: tab, exact: true });
      await shown.getByRole('row').nth(1).waitFor();
      const [wanted, given] = await shown.evaluate((region) => [region.scrollWidth, region.clientWidth]);
      if (wanted > given) fail(`the table of ${tab} is ${wanted} wide, in ${given} of a screen of ${width}`);
    }
  }
  if (
    (await page.getByRole('cell', { name: '10.244.0.4', exact: true }).evaluate((cell) => getComputedStyle(cell, '::before').content)) !==
    '"IP " / ""'
  ) {
    fail('values have no headings');
  }
  await page.setViewportSize({ width: 1280, height: 720 });
}

/** For each page, the checks of what it shows and how it reacts. */
const pages = {
  '/': async (page, expected) => {
    // An example, and the evidence of one of its steps.
    await page.getByRole('link', { name: 'Pod → Service', exact: true }).click();
    await page.locator('.verdict').getByText('REACHABLE', { exact: true }).waitFor();
    await page.locator('.step.kind-dnat summary').first().click();
    await page.locator('.step.kind-dnat').getByText('-j DNAT --to-destination').first().waitFor();
    if (await page.locator('.step.kind-snat').count() > 0) fail('a source that stays as it is is called snat');
    await page.locator('.step.kind-no-snat').getByText('no SNAT', { exact: true }).waitFor();
    await page.locator('.step.kind-un-nat').getByText('un-NAT', { exact: true }).waitFor();
    // The evidence has words, the names of the API are a click away; closed steps have it too, so that the browser's search finds it.
    await page.locator('.step.kind-route-lookup:not([open]) dd').getByText('a packet that is sent from here').first().waitFor({ state: 'attached' });
    if (await page.locator('.step:not([open]) .help').count() > 0) fail('a search finds the explanation of a kind of step at each of its steps');
    if (await page.locator('.evidence dt').getByText(/[a-z][A-Z]/).count() > 0) fail('evidence is named as in JSON');
    await page.locator('.step.kind-dnat').getByRole('button', { name: 'as JSON' }).click();
    await page.locator('.step.kind-dnat pre').getByText('"applied": true').waitFor();
    await followSteps(page);
    await page.locator('.facts').getByRole('button', { name: /^DNAT 10\.96\./ }).click();
    await page.locator('.step.current.kind-dnat[open]').waitFor();
    await page.getByText('Picture', { exact: true }).click();
    await page.locator('.picture img').evaluate((image) => image.decode());
    await page.setViewportSize({ width: 375, height: 740 });
    if (!(await page.locator('.picture img').evaluate((image) => image.width >= 0.75 * image.naturalWidth && image.naturalWidth > 0))) {
      fail('the picture is too small to read on a phone');
    }
    if (await page.evaluate(() => document.documentElement.scrollWidth) > 375) fail('the picture makes the explorer wider than a phone');
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.getByRole('button', { name: 'Look inside Node node-1' }).first().click();
    await page.getByLabel('iptables-save').check();
    await page.getByRole('dialog').getByText('-A KUBE-SERVICES').waitFor();
    await page.getByRole('dialog').getByText('After this walk: the rules of netfilter, by table and chain.').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await tablesFit(page);
    // A new trace, filled in from the tables; its problems are shown.
    await page.getByRole('radio', { name: 'Services' }).check();
    await page.getByRole('button', { name: 'Ask to shop/orders' }).click();
    await page.getByRole('button', { name: 'Walk the packet' }).click();
    await page.locator('.verdict').getByText('UNREACHABLE', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'show the step' }).click();
    await page.locator('.step.kind-drop[open]').waitFor();
    await page.getByText('a rule dropped the packet, and nobody was told').waitFor();
    await page.getByText('Nothing comes back.').waitFor();
    await page.getByLabel('Destination', { exact: true }).fill('shop/order');
    expected(400, 404, 422);
    await page.getByRole('button', { name: 'Walk the packet' }).click();
    await page.getByRole('alert').getByText('did you mean orders?').waitFor();
    if ((await page.locator('#ask [aria-invalid="true"]').evaluateAll((fields) => fields.map(({ name }) => name))).join() !== 'to') {
      fail('the field with the problem is not marked');
    }
    // Names are suggested while typing, and a Service's port is filled in.
    await page.getByLabel('Destination', { exact: true }).fill('shop/o');
    await page.locator('#to-names option[value="shop/orders"]').waitFor({ state: 'attached' });
    await page.getByLabel('port', { exact: true }).fill('');
    await page.getByLabel('Destination', { exact: true }).fill('shop/orders');
    await page.getByLabel('port', { exact: true }).focus();
    await page.waitForFunction(() => document.querySelector('[name=port]').value === '5432', null, { timeout: 5_000 });
    // The URL of a trace runs it again, and the history lists it only once.
    await page.goBack();
    await page.locator('.verdict').getByText('UNREACHABLE', { exact: true }).waitFor();
    const asked = await page.locator('#recent a').allTextContents();
    if (asked.length !== 2 || new Set(asked).size !== 2) fail(`asked before: ${asked.join('; ')}`);
    // If paths differ, one that fails is shown first; a trace from before a change of the cluster is marked as such.
    await page.getByRole('link', { name: '… all of its endpoints' }).click();
    await page.locator('.verdict').getByText('PARTIAL', { exact: true }).waitFor();
    await page.locator('.facts').getByText('Likely fix').waitFor();
    await page.locator('.step.kind-drop dd').getByText('reason NEIGHBOUR_UNREACHABLE', { exact: true }).waitFor({ state: 'attached' });
    const colourOf = (place) => page.locator(place).evaluate((shown) => getComputedStyle(shown).color);
    const [bad, ...failed] = await Promise.all(['.step.kind-drop .kind', '.leg.forward .leg-name span', '.leg.return .step.kind-deliver .kind'].map(colourOf));
    await page.locator('.leg.return .step.kind-deliver summary').click();
    await page.locator('.stepper').getByText('ICMP host unreachable').waitFor();
    if (failed.some((colour) => colour !== bad)) fail(`what fails does not look like it: ${failed.join(', ')} beside ${bad}`);
    const recorded = await page.getByRole('link', { name: 'permanent link' }).getAttribute('href');
    await page.evaluate(() =>
      fetch('/api/v1/clusters/demo/pods', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"late"}' }),
    );
    await page.evaluate((hash) => { location.hash = hash; }, recorded);
    await page.getByText('the cluster has changed since').waitFor();
    await page.getByText('19 pods').waitFor();
    // The choice of a proxy, in a walk of some hundred steps.
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      `#cluster=demo&ask=${encodeURIComponent('{"from":{"pod":"default/client"},"to":{"url":"http://shop.example/cart"}}')}`,
    );
    await page.getByRole('button', { name: 'show the choice' }).click();
    await page.locator('.step.current.kind-proxy-accept .chosen').getByText('shop.example/cart (Prefix) ✓').waitFor();
    await page.goBack();
    await page.locator('.verdict').getByText('PARTIAL', { exact: true }).waitFor();
    // Every form of each path, and on paper the walk alone.
    for (const path of [1, 0]) {
      await page.locator('.path-choice select').selectOption({ index: path });
      const forms = await page
        .locator('.toolbar a:not([href^="#"])')
        .evaluateAll((links) =>
          Promise.all(
            links.map(async ({ href, textContent }) => `${textContent} ${(await fetch(href)).status} ${new URL(href).searchParams.get('path')}`),
          ),
        );
      if (forms.join() !== ['JSON', 'text', 'SVG', 'Mermaid', 'pcapng', 'frames'].map((form) => `${form} 200 ${path}`).join()) {
        fail(`the forms of path ${path} are ${forms}`);
      }
    }
    await page.emulateMedia({ media: 'print' });
    if (
      (await page.locator('#ask').isVisible()) ||
      !(await page.locator('.path-choice select').isVisible()) ||
      !(await page.locator('.verdict').isVisible())
    ) {
      fail('what is printed is not the walk');
    }
    await page.emulateMedia({ media: null });
    // A link that was cut off says so.
    await page.evaluate(() => { location.hash = '#cluster=demo&ask=%7B%22from'; });
    await page.getByRole('alert').getByText('the link may have been cut off').waitFor();
    // What happens elsewhere is noticed: a cluster comes, and goes.
    const elsewhere = (method, path, body) =>
      page.evaluate(
        async (given) => {
          await fetch(`/api/v1/clusters${given.path}`, { ...given, headers: { 'content-type': 'application/json' } });
        },
        { method, path, body },
      );
    await elsewhere('POST', '', '{"name":"brief"}');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await page.locator('#cluster option[value="brief"]').waitFor({ state: 'attached' });
    await page.locator('#cluster').selectOption('brief');
    await page.getByText('2 nodes, 3 pods, 2 Services').waitFor();
    await elsewhere('DELETE', '/brief');
    await page.getByRole('radio', { name: 'Nodes' }).check();
    await page.getByRole('alert').getByText('There is no cluster brief').waitFor();
    if (await page.locator('#cluster').inputValue() !== 'demo') fail('a deleted cluster stays selected');
    // A new cluster, filled with manifests.
    await page.getByText('New cluster').click();
    await page.locator('#new-cluster [name=name]').fill('lab');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('2 nodes, 3 pods, 2 Services').waitFor();
    await page.getByLabel('YAML or JSON').fill('apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers: [{}]\n');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('line 6: spec.containers[0].name Required value').waitFor();
    await page.getByLabel('YAML or JSON').fill('apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers: [{ name: web, image: nginx }]\n');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Pod default/web created').waitFor();
    await page.getByText('2 nodes, 4 pods, 2 Services').waitFor();
    // An example to begin with; a pod that is deleted is replaced by its Deployment.
    await page.getByLabel('YAML or JSON').fill('');
    await page.getByRole('button', { name: 'Fill in an example' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('2 nodes, 7 pods, 3 Services').waitFor();
    await page.getByRole('radio', { name: 'Pods' }).check();
    const remove = page.getByRole('button', { name: /^Delete Pod default\/web-/ });
    const deleted = await remove.first().getAttribute('aria-label');
    page.once('dialog', (dialog) => void dialog.accept());
    await remove.first().click();
    await page.getByRole('button', { name: deleted }).waitFor({ state: 'detached' });
    await remove.nth(1).waitFor();
    // Policies and routes are listed once they exist.
    await page.getByRole('radio', { name: 'NetworkPolicies', exact: true }).check();
    await page.getByText('There is none.').waitFor();
    await page.getByLabel('YAML or JSON').fill(EVERY_ROUTE);
    await page.getByRole('button', { name: 'Apply' }).click();
    for (const [tab, line] of [
      ['NetworkPolicies', 'pods app=web on any port'],
      ['AdminNetworkPolicies', 'Pass all namespaces'],
      ['Ingresses', 'a.example/ → web:80'],
      ['Gateways', 'http 80/HTTP'],
      ['HTTPRoutes', '/cart → web:80'],
    ]) {
      await page.getByRole('radio', { name: tab, exact: true }).check();
      await page.getByRole('region', { name: tab, exact: true }).getByText(line).waitFor();
    }
    await page.getByLabel('YAML or JSON').fill(MANY);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Service default/many created').waitFor();
    await page.getByRole('radio', { name: 'EndpointSlices' }).check();
    await page.getByRole('region', { name: 'EndpointSlices' }).getByText('40 more').waitFor();
    await page.evaluate(() => {
      location.hash = `#cluster=lab&ask=${encodeURIComponent('{"from":{"pod":"web"},"to":{"service":"many","port":80},"choice":{"mode":"SEEDED","seed":1}}')}`;
    });
    await page.locator('.step.kind-service-choice summary').click();
    const endpoints = page.locator('.step.kind-service-choice tbody tr');
    await endpoints.locator('td').getByText('✓').waitFor();
    if (await endpoints.count() > 21) fail(`${await endpoints.count()} endpoints are shown at once`);
    await page.getByRole('button', { name: 'Show all 50' }).click();
    if (await endpoints.count() !== 50) fail(`of 50 endpoints ${await endpoints.count()} are shown`);
    await page.setViewportSize({ width: 375, height: 740 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 375) fail(`the explorer is ${width} wide on a phone of 375`);
    await page.evaluate(() => {
      window.answered = window.fetch;
      window.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    });
    await page.getByLabel('Source', { exact: true }).fill('default/client');
    await page.getByLabel('Destination', { exact: true }).fill('default/web');
    await page.getByLabel('port', { exact: true }).fill('80');
    await page.getByRole('button', { name: 'Walk the packet' }).click();
    await page.getByRole('alert').getByText('The server does not answer.').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Whether it was applied is not known').waitFor();
    await page.evaluate(() => { window.fetch = () => Promise.resolve(new Response('{"verdict": ')); });
    await page.getByRole('button', { name: 'Walk the packet' }).click();
    await page.getByRole('alert').getByText('cannot be read').waitFor();
    await page.evaluate(() => { window.fetch = () => Promise.reject(new TypeError('Failed to fetch')); });
    // Traces go to the selected cluster, even if loading another one has failed.
    await page.locator('#cluster').selectOption('demo');
    await page.getByText('The clusters cannot be shown').waitFor();
    if (await page.getByText('There is no cluster').isVisible()) fail('a cluster is said not to exist, but nobody answered');
    if (await page.locator('#cluster').inputValue() !== 'lab') fail('the selected cluster is not the one that is traced');
    await page.evaluate(() => { window.fetch = window.answered; });
    await page.getByRole('button', { name: 'Walk the packet' }).click();
    await page.locator('.verdict').waitFor();
    await page.getByText('The clusters cannot be shown').waitFor({ state: 'hidden' });
    await page.locator('#cluster').selectOption('demo');
    await page.getByText('4 nodes, 19 pods').waitFor();
  },
  '/docs': async (page) => {
    await page.getByText('/api/v1/clusters/{cluster}/traces', { exact: true }).first().waitFor();
    if (await page.getByRole('link', { name: 'Explorer' }).getAttribute('href') !== '/') fail('the reference does not lead back to the explorer');
    const grounds = [];
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction((isDark) => document.documentElement.classList.contains('dark-mode') === isDark, colorScheme === 'dark', { timeout: 5_000 });
      grounds.push(
        await page.evaluate(
          () => `${getComputedStyle(document.body).backgroundColor} ${getComputedStyle(document.querySelector('.info .title')).color}`,
        ),
      );
    }
    if (grounds[0] === grounds[1]) fail(`the reference looks the same in the dark: ${grounds[1]}`);
    // An operation with the schemas that it refers to, tried out with its example.
    const open = async (id) => {
      const operation = page.locator(`[id$="-${id}"]`);
      await operation.locator('.opblock-summary-control').click();
      return operation;
    };
    const trace = await open('traceFlow');
    await trace.getByText('"verdict": "REACHABLE"').first().waitFor();
    await trace.getByText('Schema', { exact: true }).first().click();
    await trace.getByText('payloadBytes', { exact: true }).first().waitFor();
    await trace.getByRole('button', { name: 'Try it out' }).click();
    await trace.getByPlaceholder('cluster').fill('demo');
    await trace.getByRole('button', { name: 'Execute' }).click();
    await trace.locator('.live-responses-table .response-col_status').getByText('201').waitFor();
    await (await open('applyManifests')).locator('.opblock-section-request-body').getByText('kind: Service').waitFor();
    await page.getByRole('button', { name: 'Schemas' }).click();
    await page.locator('.models').getByText('TraceRequest', { exact: true }).waitFor();
  },
  '/graphql': async (page) => {
    await page.getByRole('button', { name: /execute/i }).click();
    await page.getByRole('menuitem', { name: 'Trace' }).click();
    await page.locator('.result-window').getByText('REACHABLE').first().waitFor();
  },
};

const timeout = setTimeout(() => { server.kill('SIGKILL'); fail('not done within 120 s'); }, 120_000);
let browser;
try {
  const origin = await listening();
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  for (const [path, use] of Object.entries(pages)) {
    const page = await browser.newPage();
    const problems = [];
    /** Error responses that the page handles; the browser logs them in any case. */
    let handledStatuses = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !handledStatuses.some((status) => message.text().includes(`status of ${status} `))) {
        problems.push(message.text());
      }
    });
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) problems.push(`asks ${request.url()}`);
    });
    await page.goto(origin + path);
    await use(page, (...statuses) => { handledStatuses = statuses; });
    if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${path === '/' ? 'explorer' : path.slice(1)}.png`) });
    if (problems.length > 0) fail(`${path}: ${problems.join('; ')}`);
    await page.close();
    console.log(`${path} works`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  clearTimeout(timeout);
  await browser?.close();
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
