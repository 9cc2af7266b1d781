/** The example query in the playground. It works on the demo cluster. */
export const EXAMPLE_QUERY = `# Packetwalk: a Kubernetes network
# that answers for every packet.
# Put the cursor into one of the operations
# and press Ctrl-Enter.

query Demo {
  cluster(name: "demo") {
    revision
    counts { nodes pods services }
    services(first: 10) {
      nodes {
        namespace name type clusterIP
        ports { port targetPort }
      }
    }
    pods(namespace: "default") {
      nodes { name podIP node { name internalIP } }
    }
  }
}

mutation Trace {
  traceFlow(cluster: "demo", input: {
    from: { pod: "default/client" }
    to: { service: "default/web", port: 80 }
  }) {
    id
    verdict
    paths {
      clientSees { outcome from }
      seenByServer { source destination }
      reason { code message fix }
      connections {
        forward { disposition steps { ...What } }
        return { disposition steps { ...What } }
      }
    }
  }
}

fragment What on Step {
  kind
  at { netns interface }
  summary
  ... on RouteLookupStep { evidence { route { text } } }
  ... on ServiceChoiceStep {
    evidence { candidates { ip port weight chosen } }
  }
  ... on NetfilterStep {
    evidence { table chain verdict rules { text } }
  }
}
`;
