// Which fields the kinds have that people write by hand, as far down as mistakes are made: what is not told apart here is let pass.

/** `undefined` below a field: whatever stands there is not looked at. Lists are looked at item by item. */
export interface FieldTree {
  readonly [field: string]: FieldTree | undefined;
}

function fields(names: string, inner: FieldTree = {}): FieldTree {
  return { ...Object.fromEntries(names.split(' ').map((name) => [name, undefined])), ...inner };
}

const METADATA = fields(
  'annotations creationTimestamp deletionGracePeriodSeconds deletionTimestamp finalizers generateName generation labels managedFields ' +
    'name namespace ownerReferences resourceVersion selfLink uid',
);

function kind(inner: FieldTree, names = 'status'): FieldTree {
  return { ...fields(`apiVersion kind ${names}`), metadata: METADATA, ...inner };
}

const CONTAINER = fields(
  'args command envFrom image imagePullPolicy lifecycle livenessProbe name readinessProbe resizePolicy resources restartPolicy ' +
    'securityContext startupProbe stdin stdinOnce targetContainerName terminationMessagePath terminationMessagePolicy tty volumeDevices workingDir',
  {
    env: fields('name value valueFrom'),
    ports: fields('containerPort hostIP hostPort name protocol'),
    volumeMounts: fields('mountPath mountPropagation name readOnly recursiveReadOnly subPath subPathExpr'),
  },
);

const POD_SPEC = fields(
  'activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork ' +
    'hostPID hostUsers hostname imagePullSecrets nodeName nodeSelector os overhead preemptionPolicy priority priorityClassName ' +
    'readinessGates resourceClaims resources restartPolicy runtimeClassName schedulerName schedulingGates securityContext serviceAccount ' +
    'serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations ' +
    'topologySpreadConstraints volumes',
  { containers: CONTAINER, initContainers: CONTAINER, ephemeralContainers: CONTAINER },
);

const SELECTOR: FieldTree = { selector: fields('matchExpressions matchLabels') };
const TEMPLATED: FieldTree = { ...SELECTOR, template: { metadata: METADATA, spec: POD_SPEC } };

const WEBHOOK = fields(
  'admissionReviewVersions failurePolicy matchConditions matchPolicy name reinvocationPolicy rules sideEffects timeoutSeconds',
  {
    clientConfig: fields('caBundle url', { service: fields('name namespace path port') }),
    namespaceSelector: fields('matchExpressions matchLabels'),
    objectSelector: fields('matchExpressions matchLabels'),
  },
);

/** By kind, from k8s.io/api at 1.32; kinds that are not here are not looked at. */
export const KNOWN_FIELDS: Readonly<Record<string, FieldTree>> = {
  ConfigMap: kind({}, 'binaryData data immutable'),
  DaemonSet: kind({ spec: fields('minReadySeconds revisionHistoryLimit updateStrategy', TEMPLATED) }),
  Deployment: kind({
    spec: fields('minReadySeconds paused progressDeadlineSeconds replicas revisionHistoryLimit', {
      ...TEMPLATED,
      strategy: fields('type', { rollingUpdate: fields('maxSurge maxUnavailable') }),
    }),
  }),
  HorizontalPodAutoscaler: kind({
    spec: fields('behavior maxReplicas metrics minReplicas', { scaleTargetRef: fields('apiVersion kind name') }),
  }),
  MutatingWebhookConfiguration: kind({ webhooks: WEBHOOK }),
  Namespace: kind({ spec: fields('finalizers') }),
  Pod: kind({ spec: POD_SPEC }),
  PodDisruptionBudget: kind({ spec: fields('maxUnavailable minAvailable unhealthyPodEvictionPolicy', SELECTOR) }),
  ReplicaSet: kind({ spec: fields('minReadySeconds replicas', TEMPLATED) }),
  Secret: kind({}, 'data immutable stringData type'),
  Service: kind({
    spec: fields(
      'allocateLoadBalancerNodePorts clusterIP clusterIPs externalIPs externalName externalTrafficPolicy healthCheckNodePort ' +
        'internalTrafficPolicy ipFamilies ipFamilyPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges ' +
        'publishNotReadyAddresses selector sessionAffinity sessionAffinityConfig trafficDistribution type',
      { ports: fields('appProtocol name nodePort port protocol targetPort') },
    ),
  }),
  StatefulSet: kind({
    spec: fields(
      'minReadySeconds ordinals persistentVolumeClaimRetentionPolicy podManagementPolicy replicas revisionHistoryLimit serviceName ' +
        'updateStrategy volumeClaimTemplates',
      TEMPLATED,
    ),
  }),
  ValidatingWebhookConfiguration: kind({ webhooks: WEBHOOK }),
};
