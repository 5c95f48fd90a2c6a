/**
 * Vendors as strangers would build them: written from the vendors' own documents, over plain sockets, with sines for
 * speech, no path before theirs, nothing faster than real time, and not a line shared with our simulators. What works
 * with these leans on nothing that only our simulators do.
 */
package ai.callmeback.dev.strangers;
