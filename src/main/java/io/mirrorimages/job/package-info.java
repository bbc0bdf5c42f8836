/**
 * The use cases, and where a program that uses this one as a library starts: save, load, sync,
 * verify and doctor. Options come in as values, a {@link io.mirrorimages.job.JobResult} goes out, a
 * {@link io.mirrorimages.job.JobListener} receives the events, and a {@link
 * io.mirrorimages.job.Cancellation} ends a job before its time. Nothing here prints or names an
 * option of the command line.
 *
 * <pre>{@code
 * try (Registries registries = new Registries(RegistrySettings.defaults())) {
 *   // Run again after a stop or a failure, it resumes.
 *   JobResult saved =
 *       SaveJob.of(SaveOptions.of(Path.of("rancher.tar"), names))
 *           .run(JobSource.of(registries), JobListener.NONE, Cancellation.NONE);
 *
 *   List<ImageRequest> requests = Destination.parse("harbor.lan/mirror").requests(names);
 *   JobResult synced =
 *       new SyncJob(requests, MirrorOptions.defaults())
 *           .run(
 *               JobSource.of(registries),
 *               JobTarget.of(registries.asTarget()),
 *               JobListener.NONE,
 *               Cancellation.NONE);
 *   JobResult verified =
 *       new VerifyJob(requests, MirrorOptions.defaults(), true)
 *           .run(JobSource.of(registries), JobListener.NONE, Cancellation.NONE);
 * }
 * try (ArchiveReader archive = ArchiveReader.open(List.of(Path.of("rancher.tar")))) {
 *   JobResult loaded =
 *       new LoadJob(requests, MirrorOptions.defaults(), destination::name)
 *           .run(JobSource.of(archive), target, JobListener.NONE, Cancellation.NONE);
 * }
 * }</pre>
 *
 * <pre>
 *   save/       registry -> archive
 *   LoadJob     archive  -> registry | folder  ┐
 *   SyncJob     registry -> registry | folder  ┘ a TransferJob, from a JobSource to a JobTarget
 *   VerifyJob   a registry or an archive, checked
 *   DoctorJob   a registry, examined before a load or sync; gives a DoctorResult
 * </pre>
 *
 * A job is a value: it holds no files and no connections, and may be run several times, one after
 * the other. Sources and targets are closed by whoever made them. Called from {@code cli} only.
 */
@NullMarked
package io.mirrorimages.job;

import org.jspecify.annotations.NullMarked;
