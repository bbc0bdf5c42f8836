{{- define "mirror-images.labels" -}}
app.kubernetes.io/name: mirror-images
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* How exit codes count, for a Job. The list is that of exit-codes.md. */ -}}
{{- define "mirror-images.job" -}}
backoffLimit: 3
ttlSecondsAfterFinished: 604800
podFailurePolicy:
  rules:
    # The node is drained, or the pod preempted: the next pod resumes, and it counts as no failure.
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
    # The command line or the list is wrong, or another run has the target (2): no repetition mends that.
    # Incomplete, since the deadline came or a volume is missing (4): the next job resumes.
    - action: FailJob
      onExitCodes:
        containerName: mirror-images
        operator: In
        values: [2, 4]
    # Some images failed (1), no access or no space (3), stopped by a signal (129, 130, 143): tried again, and what is done
    # stays done.
    - action: Count
      onExitCodes:
        containerName: mirror-images
        operator: In
        values: [1, 3, 129, 130, 143]
{{- end -}}

{{- /* The pod, without its arguments, mounts and volumes of its own. */ -}}
{{- define "mirror-images.pod" -}}
restartPolicy: Never
automountServiceAccountToken: false
# An orderly end keeps what is done, also at servers that are slow to answer.
terminationGracePeriodSeconds: 120
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "mirror-images.container" -}}
name: mirror-images
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
workingDir: /state
env:
  - name: DOCKER_CONFIG
    value: /login
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
resources:
  {{- toYaml .Values.resources | nindent 2 }}
{{- end -}}

{{- define "mirror-images.mounts" -}}
- name: login
  mountPath: /login
  readOnly: true
- name: state
  mountPath: /state
- name: tmp
  mountPath: /tmp
{{- end -}}

{{- define "mirror-images.volumes" -}}
- name: login
  secret:
    secretName: {{ .Values.login }}
    items:
      - key: .dockerconfigjson
        path: config.json
- name: state
  persistentVolumeClaim:
    claimName: {{ .Release.Name }}-state
- name: tmp
  emptyDir: {}
{{- end -}}
