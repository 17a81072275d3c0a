/* Written by `make headers` from src/capi/pythread*.rs. */

/**
 * Nothing to prepare.
 */
void PyThread_init_thread(void);

/**
 * Starts a detached thread; `(unsigned long)-1` if that fails.
 */
unsigned long PyThread_start_new_thread(void (*function)(void*), void *argument);

/**
 * Ends the calling thread.
 */
void PyThread_exit_thread(void) __attribute__((noreturn));

/**
 * The calling thread's number: `pthread_self`.
 */
unsigned long PyThread_get_thread_ident(void);

/**
 * The calling thread's number in the kernel's eyes.
 */
unsigned long PyThread_get_thread_native_id(void);

/**
 * The stack size of new threads; 0 for the system's.
 */
size_t PyThread_get_stacksize(void);

/**
 * Sets the stack size of new threads, 0 for the system's; -1 for one that is too small.
 */
int PyThread_set_stacksize(size_t size);

/**
 * A lock that any thread may give back, or NULL.
 */
PyThread_type_lock PyThread_allocate_lock(void);

/**
 * Frees a lock.
 */
void PyThread_free_lock(PyThread_type_lock lock);

/**
 * Takes a lock, waiting for it if `wait` is not 0; whether it was taken.
 */
int PyThread_acquire_lock(PyThread_type_lock lock, int wait);

/**
 * Takes a lock within so many microseconds; for ever, if they are negative.
 */
PyLockStatus PyThread_acquire_lock_timed(PyThread_type_lock lock,
                                         long long microseconds,
                                         int _interruptible);

/**
 * Gives a lock back.
 */
void PyThread_release_lock(PyThread_type_lock lock);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03070000

/**
 * A key not made yet, or NULL.
 */
struct _Py_tss_t *PyThread_tss_alloc(void);

/**
 * Deletes the key and frees its place; NULL is passed over.
 */
void PyThread_tss_free(struct _Py_tss_t *key);

/**
 * Whether the key is made.
 */
int PyThread_tss_is_created(struct _Py_tss_t *key);

/**
 * Makes the key, unless it is made already. -1 if there is none left.
 */
int PyThread_tss_create(struct _Py_tss_t *key);

/**
 * Deletes the key, if it is made.
 */
void PyThread_tss_delete(struct _Py_tss_t *key);

/**
 * Sets this thread's value; -1 on failure.
 */
int PyThread_tss_set(struct _Py_tss_t *key, void *value);

/**
 * This thread's value, or NULL.
 */
void *PyThread_tss_get(struct _Py_tss_t *key);

#endif

/**
 * The older way: a key as a number; -1 if there is none left.
 */
int PyThread_create_key(void);

/**
 * Deletes a key.
 */
void PyThread_delete_key(int key);

/**
 * Sets this thread's value; -1 on failure.
 */
int PyThread_set_key_value(int key, void *value);

/**
 * This thread's value, or NULL.
 */
void *PyThread_get_key_value(int key);

/**
 * Forgets this thread's value.
 */
void PyThread_delete_key_value(int key);

/**
 * Nothing: a fork keeps this thread's values.
 */
void PyThread_ReInitTLS(void);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * `sys.thread_info`. New reference.
 */
PyObject *PyThread_GetInfo(void);

#endif
