/** Why a path ended before its first connection, or after one. */
export interface Obstacle {
  readonly code:
    | 'POD_IP_UNASSIGNED'
    | 'POD_NOT_RUNNING'
    | 'SERVICE_NO_ENDPOINTS'
    | 'DNS_NAME_NOT_FOUND'
    | 'DNS_NO_ADDRESS'
    | 'DNS_ANSWER_UNKNOWN'
    | 'DNS_SERVER_UNREACHABLE'
    | 'LOAD_BALANCER_NO_HEALTHY_NODE';
  readonly details: Readonly<Record<string, string>>;
}
