/**
 * The use cases, and where a program that uses this one as a library starts: options come in as
 * values, a {@link io.mirrorimages.job.JobResult} goes out, a {@link
 * io.mirrorimages.job.JobListener} is told how it goes, and a {@link
 * io.mirrorimages.job.Cancellation} ends it before its time. Nothing here prints or names an option
 * of the command line.
 *
 * <pre>{@code
 * SaveOptions options = SaveOptions.of(Path.of("rancher.tar"), names);
 * try (Registries registries = new Registries(RegistrySettings.defaults())) {
 *   // Run again after a stop or a failure, it resumes.
 *   JobResult saved =
 *       SaveJob.of(options).run(JobSource.of(registries), JobListener.NONE, Cancellation.NONE);
 * }
 * try (ArchiveReader archive = ArchiveReader.open(List.of(Path.of("rancher.tar")))) {
 *   JobResult loaded =
 *       new LoadJob(requests, options.mirror(), destination::name)
 *           .run(JobSource.of(archive), target, JobListener.NONE, Cancellation.NONE);
 * }
 * }</pre>
 *
 * Sources and targets are closed by whoever made them. Called from {@code cli} only.
 */
@NullMarked
package io.mirrorimages.job;

import org.jspecify.annotations.NullMarked;
