// Deployments, ReplicaSets, StatefulSets and DaemonSets, typed as far as their controllers read and write them.
import type { StoredObject } from '../kubeObject.js';
import type { LabelSelector } from '../mesh/labelSelector.js';
import type { PodTemplate } from '../mesh/podTypes.js';

export interface WorkloadCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime: string;
}

export interface WorkloadStatus {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly updatedReplicas?: number;
  readonly conditions?: readonly WorkloadCondition[];
  readonly [field: string]: unknown;
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
}

/** Number or percentage, as in `maxSurge`. */
export type IntOrPercent = number | string;

export type Deployment = StoredObject & {
  readonly spec: WorkloadSpec & {
    readonly paused?: boolean;
    readonly strategy?: {
      readonly type?: 'RollingUpdate' | 'Recreate';
      readonly rollingUpdate?: { readonly maxSurge?: IntOrPercent; readonly maxUnavailable?: IntOrPercent };
    };
  };
  readonly status?: WorkloadStatus;
};

export type ReplicaSet = StoredObject & { readonly spec: WorkloadSpec; readonly status?: WorkloadStatus };

export type StatefulSet = StoredObject & {
  readonly spec: WorkloadSpec & {
    readonly podManagementPolicy?: 'OrderedReady' | 'Parallel';
    readonly updateStrategy?: { readonly type?: 'RollingUpdate' | 'OnDelete'; readonly rollingUpdate?: { readonly partition?: number } };
  };
  readonly status?: WorkloadStatus;
};

export type DaemonSet = StoredObject & {
  readonly spec: WorkloadSpec & { readonly updateStrategy?: { readonly type?: 'RollingUpdate' | 'OnDelete' } };
  readonly status?: WorkloadStatus;
};

export type Job = StoredObject & {
  readonly spec: {
    readonly completions?: number;
    readonly parallelism?: number;
    readonly suspend?: boolean;
    readonly template: PodTemplate;
  };
  readonly status?: WorkloadStatus & { readonly succeeded?: number; readonly startTime?: string; readonly completionTime?: string };
};

export type CronJob = StoredObject & {
  readonly spec: {
    readonly schedule: string;
    readonly suspend?: boolean;
    readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
    readonly successfulJobsHistoryLimit?: number;
    readonly jobTemplate: { readonly metadata?: Readonly<Record<string, unknown>>; readonly spec: Job['spec'] };
  };
  readonly status?: { readonly lastScheduleTime?: string; readonly [field: string]: unknown };
};

/** Kubernetes defaults a missing count to one. */
export function wantedReplicas(workload: { readonly spec: { readonly replicas?: number } }): number {
  return workload.spec.replicas ?? 1;
}
