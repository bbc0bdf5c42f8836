/**
 * Finds out before a transfer what would stop it: one check for each thing that can be wrong at a
 * registry or before it, with a remedy for each. Leaves nothing behind there.
 *
 * <pre>
 *   job.DoctorJob -- DoctorRun    runs the checks in order; one that fails spares those behind it
 *     |-- DoctorContext           what they look at; closed by the job
 *     `-- Check                   NameCheck, TlsCheck, LoginCheck ... each gives a CheckResult for its subject
 *          `-- CheckResult        CheckId, Verdict, and what to do
 * </pre>
 */
@NullMarked
package io.mirrorimages.doctor;

import org.jspecify.annotations.NullMarked;
