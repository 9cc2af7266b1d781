/** Large bodies of manifests, in YAML with anchors, flow style, comments and block text. */

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);

const WORDS = 'a program reads this line and makes of it what it can, as programs do';

/** A Deployment with its Service and ConfigMap: three documents, about `lines` hundred bytes of text in the last. */
function application(number: number, lines: number): string {
  const name = `app-${number}`;
  return `# application ${number}
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: &labels { app: ${name}, tier: "web" } }
spec:
  replicas: 1
  selector: { matchLabels: *labels }
  template:
    metadata: { labels: *labels }
    spec:
      containers:
      - name: main # the only one
        image: 'registry.example.com/${name}:1.0'
        ports: [{ containerPort: 8080, name: http }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data:
  text: |
${range(lines).map((line) => `    ${line} ${WORDS}`).join('\n')}
`;
}

/** @param count number of objects, a multiple of three @param lines number of lines of text in every third object */
export const largeYaml = (count: number, lines = 1): string => range(count / 3).map((number) => application(number, lines)).join('---\n');
