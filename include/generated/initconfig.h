/* Written by `make headers` from src/capi/initconfig*.rs. */

#ifndef Py_LIMITED_API

/**
 * It went well.
 */
struct PyStatus PyStatus_Ok(void);

/**
 * It went wrong; the message stays valid.
 */
struct PyStatus PyStatus_Error(const char *err_msg);

/**
 * There was no memory.
 */
struct PyStatus PyStatus_NoMemory(void);

/**
 * The process is to end with that status.
 */
struct PyStatus PyStatus_Exit(int exitcode);

/**
 * Whether it went wrong.
 */
int PyStatus_IsError(struct PyStatus status);

/**
 * Whether the process is to end.
 */
int PyStatus_IsExit(struct PyStatus status);

/**
 * Whether it went wrong or the process is to end.
 */
int PyStatus_Exception(struct PyStatus status);

#endif
