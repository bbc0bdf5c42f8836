/** The threads of a run, and work on many images that gives each of them one result. */
package io.mirrorimages.mirror.work;
