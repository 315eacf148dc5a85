// Manifests of the checks: what they create in their namespace, on a rehearsal and on a real cluster alike.

/** Small, public, and with a shell; the rehearsal's simulated containers serve the same files. */
const IMAGE = 'busybox:1.36';
export const SERVED_PORT = 8080;
/** 20 MiB. */
export const LARGE_BYTES = 20 * 1024 * 1024;

const SERVE = `mkdir -p /www/bytes; head -c ${LARGE_BYTES} /dev/zero > /www/bytes/${LARGE_BYTES}; echo hello > /www/bytes/hello; exec httpd -f -p ${SERVED_PORT} -h /www`;

/** A Deployment of one pod that serves /bytes/N. */
export function workload(namespace: string, name: string, labels: Readonly<Record<string, string>> = {}): string {
  const all = JSON.stringify({ app: name, ...labels });
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}, labels: ${all}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: ${all}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: app
          image: ${IMAGE}
          command: [sh, -c, '${SERVE}']
          ports: [{containerPort: ${SERVED_PORT}}]
`;
}

/** A Deployment that makes no pods. */
export function idleDeployment(namespace: string, name: string, labels: Readonly<Record<string, string>> = {}): string {
  return workload(namespace, name, labels).replace('replicas: 1', 'replicas: 0');
}

export function service(namespace: string, name: string, port = 'port: 15012'): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: istiod}}
spec:
  selector: {app: istiod}
  ports: [{name: https-dns, ${port}, protocol: TCP}]
`;
}

export function budget(namespace: string, name: string, app: string, minAvailable: number): string {
  return `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: ${name}, namespace: ${namespace}}
spec: {minAvailable: ${minAvailable}, selector: {matchLabels: {app: ${app}}}}
`;
}

export function autoscaler(namespace: string, name: string, deployment: string): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  minReplicas: 1
  maxReplicas: 2
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${deployment}}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
`;
}

export function configMap(namespace: string, name: string, data: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: ${namespace}}
data: ${data}
`;
}
